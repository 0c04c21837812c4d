"""How the numbers of alerts arrived somewhere."""


def check_complete(numbers, first=1):
    """From the first on none is missing, each came for the first time in order; answers how many came twice."""
    first_time = list(dict.fromkeys(numbers))
    assert first_time == list(range(first, max(numbers) + 1)), numbers
    return len(numbers) - len(first_time)
