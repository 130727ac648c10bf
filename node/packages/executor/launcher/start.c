/* Starting a script: vfork, own session, descriptors, working directory, exec; failures come back with their errno. */
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

const char *mark_prefix = "";
uint32_t last_id;
static char *base_block;
static char **base;
static size_t base_count;
static int dev_null = -1;

/* The environment that all scripts share; the mark is that of the first engine, also in what a successor starts. */
void environment_set(struct request_reader r, const char *mark) {
  size_t length = (size_t)(r.end - r.at), size = 64;
  free(base_block), free(base);
  base_block = must_alloc(NULL, length + 1);
  memcpy(base_block, r.at, length);
  struct request_reader block = {base_block, base_block + length};
  if (mark) mark_prefix = kept_string(mark);
  base = must_alloc(NULL, size * sizeof *base), base_count = 0;
  for (char *entry; (entry = take_string(&block));) {
    if (base_count == size) base = must_alloc(base, (size *= 2) * sizeof *base);
    base[base_count++] = entry;
  }
}

static bool same_name(const char *a, const char *b) {
  while (*a && *a == *b && *a != '=') a++, b++;
  return *a == '=' && *b == '=';
}

/* The step's own variables first, then those of the base that they do not replace. */
static char **environment_of(struct request_reader r) {
  size_t own = 0, at = 0;
  for (struct request_reader count = r; take_string(&count);) own++;
  char **env = must_alloc(NULL, (own + base_count + 1) * sizeof *env);
  for (char *entry; (entry = take_string(&r));) env[at++] = entry;
  for (size_t b = 0; b < base_count; b++) {
    size_t i = 0;
    while (i < own && !same_name(env[i], base[b])) i++;
    if (i == own) env[at++] = base[b];
  }
  env[at] = NULL;
  return env;
}

static int open_stream(struct stream *s, struct script *script, uint32_t which, uint32_t cap) {
  int ends[2];
  *s = (struct stream){.fd = -1, .which = which, .script = script, .cap = cap, .head = cap / 4};
  if (pipe2(ends, O_CLOEXEC) < 0) return -1;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = s};
  s->fd = ends[0];
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, ends[0], &e) == 0) return ends[1];
  int why = errno;
  close(ends[0]), close(ends[1]), s->fd = -1, errno = why;
  return -1;
}

/* The child shares our memory until exec, so that it can leave its errno in `failed`; it must touch nothing else. */
static __attribute__((noinline)) pid_t spawn(const char *path, const char *cwd, char **env, int out, int err,
                                             volatile int *failed, volatile uint32_t *stage) {
  pid_t self = getpid();
  char *const argv[] = {(char *)path, NULL};
  struct interpreter interpreter;
  interpreter_look_up(path, &interpreter);
  pid_t pid = vfork();
  if (pid != 0) {
    if (pid < 0) *failed = errno;
    return pid;
  }
  sigset_t none;
  sigemptyset(&none);
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != self) _exit(127); /* we died before the line above */
  dup2(dev_null, STDIN_FILENO), dup2(out, STDOUT_FILENO), dup2(err, STDERR_FILENO);
  *stage = STAGE_CHDIR;
  if (chdir(cwd) == 0) {
    *stage = STAGE_EXEC;
    sigprocmask(SIG_SETMASK, &none, NULL); /* dispositions are the default ones already, see main() */
    interpreter_execute(&interpreter, (char *)path, env);
    execve(path, argv, env);
  }
  *failed = errno;
  _exit(127);
}

void script_not_started(uint32_t id, int why, enum start_stage stage) {
  frame_begin(NOT_STARTED);
  put_u32(id);
  put_u32((uint32_t)why);
  put_u32(stage);
  frame_end(AT_ONCE);
}

static void report(const struct script *s) {
  frame_begin(STARTED);
  put_u32(s->id);
  put_u32((uint32_t)s->pid);
  put_f64((double)s->start_ticks);
  frame_end(JUST_STARTED);
}

/* START: id, cap of stdout, cap of stderr, bound (see waiting.c); then path, working directory, output path, attempt key, own environment. */
struct script *script_start(struct request_reader r) {
  struct script *s = must_alloc(NULL, sizeof *s);
  *s = (struct script){.id = take_u32(&r)};
  if (s->id > last_id) last_id = s->id;
  uint32_t out_cap = take_u32(&r), err_cap = take_u32(&r);
  uint32_t bound = take_u32(&r);
  const char *path = take_string(&r), *cwd = take_string(&r), *output = take_string(&r), *key = take_string(&r);
  char **env = environment_of(r);
  volatile int failed = 0;
  volatile uint32_t stage = STAGE_PREPARE;
  if (dev_null < 0) dev_null = open("/dev/null", O_RDWR | O_CLOEXEC);
  int64_t boot = boot_us();
  s->started_us = now_us(), s->start_ticks = (uint64_t)boot * (uint64_t)sysconf(_SC_CLK_TCK) / 1000000;
  s->out.fd = s->err.fd = -1;
  int out = open_stream(&s->out, s, 1, out_cap);
  int err = out < 0 ? -1 : open_stream(&s->err, s, 2, err_cap);
  if (closing || !key) failed = ECANCELED;
  else if (fence_passed(boot)) failed = ECANCELED, stage = STAGE_FENCED;
  else if (out < 0 || err < 0 || dev_null < 0) failed = errno;
  else {
    if (*output) unlink(output); /* nothing may be there before the script writes it */
    waiting_begins(s->id, bound);
    s->pid = spawn(path, cwd, env, out, err, &failed, &stage);
  }
  if (out >= 0) close(out);
  if (err >= 0) close(err);
  free(env);
  if (failed) {
    waiting_fails(bound);
    script_not_started(s->id, failed, stage);
    waiting_failed(bound);
    if (s->pid > 0) waitpid(s->pid, NULL, 0);
    stream_close(&s->out), stream_close(&s->err);
    free(s);
    return NULL;
  }
  report(s);
  waiting_began(s, bound);
  s->output_path = kept_string(output), s->attempt_key = kept_string(key);
  s->next = scripts;
  return scripts = s;
}
