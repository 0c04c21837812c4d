"""dn/ and judge/ are pure: they link with GLib alone and call nothing that reads a clock, a file or the network."""

import re

from house import BUILD, CC, output, pkg_config, run

LIBRARY = BUILD / "libpure.a"
# What the compiler and C itself bring along.
HARMLESS = re.compile(r"_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__(mem|str|st[rp]n?)\w+_chk|mem\w+|str(?!ftime|ptime)\w+"
                      r"|st[rp]n?cpy|is\w+|to(lower|upper)|qsort|bsearch|abort|__errno_location|__ctype_\w+|__assert_fail")
# What GLib could do to the world. The rest of it is strings, containers and Unicode.
WORLDLY = re.compile(r"g_(get_(monotonic|real|current)_time|get_(user|host|home|tmp|environ|prgname)\w*|date_time_new_now\w*|"
                     r"time_zone_new_local|random_\w+|rand_new|getenv|setenv|file_\w+|open|fopen|dir_\w+|mkdir\w*|stat|"
                     r"unlink|spawn_\w+|thread_\w+|mutex_\w+|idle_\w+|timeout_\w+|main_\w+|print(err)?|log|message|"
                     r"warning|log_\w+|io_channel_\w+|usleep|timer_\w+|uuid_string_random|once_\w+)$")


def symbols(*options):
    lines = output("nm", "-P", *options, LIBRARY).splitlines()
    return {line.split()[0] for line in lines if len(line.split()) > 1}


def needed():
    return symbols("--undefined-only") - symbols("--defined-only")


def test_it_links_with_glib_alone(tmp_path):
    program = tmp_path / "main.c"
    program.write_text("int main(void)\n{\n    return 0;\n}\n")
    done = run(CC, program, "-o", tmp_path / "main", "-nodefaultlibs", "-Wl,--whole-archive", LIBRARY,
               "-Wl,--no-whole-archive", *pkg_config("--libs", "glib-2.0"), "-lc", "-lgcc")
    assert done.returncode == 0, done.stderr


def test_it_calls_nothing_but_strings_and_containers():
    ours = {name for name in needed() if not name.startswith("g_") and not HARMLESS.fullmatch(name)}
    assert not ours, f"libpure.a calls {sorted(ours)}"


def test_of_glib_it_calls_nothing_that_touches_the_world():
    worldly = {name for name in needed() if WORLDLY.match(name)}
    assert not worldly, f"libpure.a calls {sorted(worldly)}"


def test_the_lists_know_what_is_impure():
    for name in ("time", "clock_gettime", "open", "socket", "getenv", "strftime", "read", "rand"):
        assert not HARMLESS.fullmatch(name), name
    for name in ("g_get_monotonic_time", "g_random_int", "g_getenv", "g_file_get_contents", "g_warning"):
        assert WORLDLY.match(name), name


def test_it_has_no_variables():
    rows = [line.split() for line in output("objdump", "-t", LIBRARY).splitlines()]
    variables = {row[-1] for row in rows if {".data", ".bss", "*COM*"} & set(row) and "O" in row}
    assert variables <= {"q.0"}, variables  # G_DEFINE_QUARK's
