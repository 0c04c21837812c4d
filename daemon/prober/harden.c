#define _GNU_SOURCE /* close_range() */
#include "prober/harden.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "directory/wire.h"

#define MAX_MEMORY      (512UL * 1024 * 1024)
#define MAX_DESCRIPTORS 64

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW_MEMORY true /* reserves terabytes of address space */
#else
#define HAS_SHADOW_MEMORY false
#endif

static void limit(int resource, rlim_t most)
{
    struct rlimit limits;

    if (getrlimit(resource, &limits) < 0)
        return;
    limits.rlim_max = MIN(limits.rlim_max, most);
    limits.rlim_cur = MIN(limits.rlim_cur, limits.rlim_max);
    setrlimit(resource, &limits);
}

/* libldap, GnuTLS and the resolver obey variables; we obey the daemon alone. */
static void clear_environment(void)
{
    g_autofree char *credentials = g_strdup(getenv("CREDENTIALS_DIRECTORY"));

    clearenv();
    if (credentials)
        setenv("CREDENTIALS_DIRECTORY", credentials, 1);
    setenv("LDAPNOINIT", "1", 1);
}

/* Best effort: when memory is short this process goes first, never the daemon. */
static void volunteer_for_oom_killer(void)
{
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    if (write(fd, "1000", 4) < 0) { /* a sandbox may forbid it */
    }
    close(fd);
}

void harden(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a parent that is dead already has closed its end of the socket */
    volunteer_for_oom_killer();       /* /proc/self is root's once we are not dumpable */
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, MAX_DESCRIPTORS);
    if (!HAS_SHADOW_MEMORY)
        limit(RLIMIT_AS, MAX_MEMORY);
    clear_environment();
    close_range(WIRE_FD + 1, ~0U, 0);
    signal(SIGPIPE, SIG_IGN); /* liblber writes without MSG_NOSIGNAL */
    if (chdir("/") < 0)
        _exit(EXIT_FAILURE);
}
