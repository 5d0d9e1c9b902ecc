"""Tables of the statistics system DUVA as records of the portal: a folder of export files, here or on a web server.

    kind = FolderKind(allowed=config.allowed_folders)
    read = kind.read(session, "https://statistik.example/export/", {"organisation": "amt-12"}, spool, beat)
    read.candidate(read.numbers[0]).package["resources"][0]["content"]  # see `contents`

`local` and `web` say which files there are, `lists` reads what is told of them, `looking` what their content says,
`mapping` makes the package. What nobody has seen yet of DUVA lies in `experimental`.
"""
