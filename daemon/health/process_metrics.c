#include "health/process_metrics.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void append_cpu(GString *text, enum sample_format format)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return;
    sample_family(text, format, "process_cpu_seconds_total", "counter", "User and system CPU time spent.");
    sample_number(text, "process_cpu_seconds_total", seconds(usage.ru_utime) + seconds(usage.ru_stime), NULL);
}

static void append_memory(GString *text, enum sample_format format)
{
    unsigned long long virtual_pages, resident_pages;
    FILE *statm = fopen("/proc/self/statm", "re");
    int n_read = statm ? fscanf(statm, "%llu %llu", &virtual_pages, &resident_pages) : 0;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

    if (statm)
        fclose(statm);
    if (n_read != 2)
        return;
    sample_family(text, format, "process_virtual_memory_bytes", "gauge", "Virtual memory size.");
    sample_count(text, "process_virtual_memory_bytes", virtual_pages * page, NULL);
    sample_family(text, format, "process_resident_memory_bytes", "gauge", "Resident memory size.");
    sample_count(text, "process_resident_memory_bytes", resident_pages * page, NULL);
}

static void append_fds(GString *text, enum sample_format format)
{
    GDir *folder = g_dir_open("/proc/self/fd", 0, NULL);
    struct rlimit limit;
    unsigned n_fds = 0;

    if (folder) {
        while (g_dir_read_name(folder))
            n_fds++;
        g_dir_close(folder);
        sample_family(text, format, "process_open_fds", "gauge", "Open file descriptors.");
        sample_count(text, "process_open_fds", n_fds - 1, NULL); /* one is of the listing itself */
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    sample_family(text, format, "process_max_fds", "gauge", "Most file descriptors that may be open.");
    sample_count(text, "process_max_fds", limit.rlim_cur, NULL);
}

void process_metrics_append(GString *text, enum sample_format format, int64_t wall_start_ms)
{
    sample_family(text, format, "process_start_time_seconds", "gauge",
                  "Start time of the process, in Unix time.");
    sample_time(text, "process_start_time_seconds", wall_start_ms, NULL);
    append_cpu(text, format);
    append_memory(text, format);
    append_fds(text, format);
}
