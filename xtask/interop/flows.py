"""Ways to sign in, each a function that raises when it fails, and their score."""

FLOWS = []


def flow(function):
    """A way to sign in; its name is the sentence that the score shows."""
    FLOWS.append(function)
    return function


def score(title, world):
    """Goes through all flows in this world. Gives the exit code."""
    passed = sum([passes(one, world) for one in FLOWS])
    print(f"{title}: passed {passed} of {len(FLOWS)}")
    return 0 if passed == len(FLOWS) else 1


def passes(one, world):
    name = one.__name__.replace("_", " ")
    try:
        one(world)
    except Exception as error:  # Whatever a library raises is a failed flow.
        print(f"FAIL  {name}: {type(error).__name__}: {str(error)[:300]}", flush=True)
        return False
    print(f"ok    {name}", flush=True)
    return True
