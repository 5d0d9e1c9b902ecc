"""Loads ISO records into the repository of a pycsw: ``load.py DATABASE FOLDER [--replace]``. Runs in its environment.

The command of pycsw does the same with a commit for each record and goes on after one that it cannot read; here that is
an error, and all go in at once.
"""

from __future__ import annotations

import sys
from pathlib import Path

from lxml import etree
from pycsw.core import admin, config, metadata, repository

TABLE = "records"


def main(database: str, folder: str, *options: str) -> None:
    path = Path(database)
    url = f"sqlite:///{path}"
    if not path.exists():
        admin.setup_db(url, TABLE, "", create_sfsql_tables=False, create_plpythonu_functions=False)
    context = config.StaticContext()
    repo = repository.Repository(url, context, table=TABLE)
    repo.session.begin()
    if "--replace" in options:
        repo.session.query(repo.dataset).delete()
    for file in sorted(Path(folder).glob("*.xml")):
        for record in metadata.parse_record(context, etree.parse(str(file)), repo):
            if isinstance(record.xml, bytes):
                record.xml = record.xml.decode()
            repo.session.add(record)
    repo.session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
