/* with_seccomp UID RULES COMMAND...: runs the command as that user without new privileges, under a system
 * call filter as systemd would build it: what no rule allows fails with EPERM. RULES is a file of lines:
 *   allow NAME        the system call
 *   fail NAME ERRNO   it fails with that number
 *   family NUMBER     socket() of that address family
 *   no-write-exec     memory may not be writable and executable (MemoryDenyWriteExecute=) */
#include <errno.h>
#include <grp.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static void give_up(const char *what)
{
    fprintf(stderr, "with_seccomp: %s: %s\n", what, strerror(errno));
    exit(111);
}

static int rule_add_name(scmp_filter_ctx filter, uint32_t action, const char *name)
{
    int number = seccomp_syscall_resolve_name(name);

    /* systemd names calls of other architectures as well */
    if (number == __NR_SCMP_ERROR)
        return 0;
    return seccomp_rule_add(filter, action, number, 0);
}

static int rule_add_no_write_exec(scmp_filter_ctx filter)
{
    static const scmp_datum_t harmless[] = {0, PROT_WRITE, PROT_EXEC};
    int result = 0;

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless && result == 0; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, harmless[i]));
    if (result == 0)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return result;
}

static int rule_add_line(scmp_filter_ctx filter, const char *line)
{
    char name[64];
    unsigned number;

    if (sscanf(line, "allow %63s", name) == 1)
        return rule_add_name(filter, SCMP_ACT_ALLOW, name);
    if (sscanf(line, "fail %63s %u", name, &number) == 2)
        return rule_add_name(filter, SCMP_ACT_ERRNO(number), name);
    if (sscanf(line, "family %u", &number) == 1)
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, number));
    if (strcmp(line, "no-write-exec\n") == 0)
        return rule_add_no_write_exec(filter);
    return -EINVAL;
}

static void filter_load(const char *rules)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    FILE *file = fopen(rules, "re");
    char line[256];
    int result = 0;

    if (!filter || !file)
        give_up(rules);
    while (result == 0 && fgets(line, sizeof line, file))
        result = rule_add_line(filter, line);
    fclose(file);
    if (result == 0)
        result = seccomp_load(filter);
    if (result != 0) {
        errno = -result;
        give_up("filter");
    }
    seccomp_release(filter);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: with_seccomp UID RULES COMMAND...\n", stderr);
        return 111;
    }
    uid_t uid = (uid_t)strtoul(argv[1], NULL, 10);
    if (geteuid() == 0 && uid != 0 && (setgroups(0, NULL) != 0 || setgid(uid) != 0 || setuid(uid) != 0))
        give_up(argv[1]);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        give_up("no_new_privs");
    filter_load(argv[2]);
    execv(argv[3], argv + 3);
    give_up(argv[3]);
}
