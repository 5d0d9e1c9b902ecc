def test_probe(portal):
    import time

    from tests.kit.leaks import catalogue, matrix, surfaces

    portal.reset()
    t = time.time()
    m = matrix.Matrix(portal, catalogue.build())
    print("BUILD", len(m.made.secrets), time.time() - t)
    print("UNDECLARED", m.undeclared())
    print("ASKS", len(m.asks), "LISTS", len(surfaces.listings(m.rules, m.made)))

    m.outcome = matrix.Outcome()
    t = time.time()
    m.pairwise()
    print("T pairs", time.time() - t)
    print(m.outcome.line)
    o = m.outcome
    open("/tmp/gl/pairs.txt", "w").write(
        "\n".join(matrix.kinds(o.leaks) + matrix.kinds(o.refusals) + matrix.kinds(o.broken))
    )
