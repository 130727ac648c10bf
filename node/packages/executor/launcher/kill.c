/*
 * Ending whole trees. Being the sub-reaper, we become the parent of every process whose own parent died, so that
 * whatever a script leaves behind turns up, sooner or later, in our list of children.
 * Only our own unreaped children, and groups that hold one, are ever signalled: their numbers cannot have been reused.
 */
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct orphan *orphans;
static int children_fd = -1;

void tree_init(void) {
  char path[64];
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
  children_fd = open(path, O_RDONLY | O_CLOEXEC);
}

bool tree_contained(void) { return children_fd >= 0; }

static struct script *script_of_pid(pid_t pid) {
  struct script *s = scripts;
  while (s && s->pid != pid) s = s->next;
  return s;
}

/* The whole of a file of /proc, NUL-terminated; the caller frees it. NULL if it cannot be read. */
static char *proc_read(pid_t pid, const char *name, size_t *length) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NULL;
  size_t size = 8192, len = 0;
  char *text = must_alloc(NULL, size);
  for (ssize_t n; (n = read(fd, text + len, size - len - 1)) > 0;)
    if ((len += (size_t)n) > size / 2) text = must_alloc(text, size *= 2);
  close(fd);
  text[len] = 0;
  *length = len;
  return text;
}

static struct script *owner_by_mark(pid_t pid) {
  size_t length, prefix = strlen(mark_prefix);
  char *env = prefix ? proc_read(pid, "environ", &length) : NULL;
  struct script *owner = NULL;
  for (char *at = env; env && !owner && at < env + length; at += strlen(at) + 1)
    if (strncmp(at, mark_prefix, prefix) == 0) {
      uint32_t id = (uint32_t)strtoul(at + prefix, NULL, 10);
      for (owner = scripts; owner && owner->id != id;) owner = owner->next;
    }
  free(env);
  return owner;
}

static uint64_t start_ticks_of(pid_t pid) {
  size_t length;
  char *text = proc_read(pid, "stat", &length), *at = text ? strrchr(text, ')') : NULL;
  for (int field = 2; at && field < 22; field++) at = strchr(at + 1, ' ');
  uint64_t ticks = at ? strtoull(at, NULL, 10) : 0;
  free(text);
  return ticks;
}

/* Group and session first; those that left both still carry the mark, unless they cleaned their environment. */
static struct orphan *orphan_of_pid(pid_t pid) {
  struct orphan *o = orphans;
  while (o && o->pid != pid) o = o->next;
  if (o) return o;
  o = must_alloc(NULL, sizeof *o);
  *o = (struct orphan){.next = orphans, .pid = pid};
  o->owner = script_of_pid(getpgid(pid));
  if (!o->owner) o->owner = script_of_pid(getsid(pid));
  else o->termed = o->owner->kill_at_ms != 0; /* it had the group's SIGTERM */
  if (!o->owner) o->owner = owner_by_mark(pid);
  if (!o->owner) o->start_ticks = start_ticks_of(pid);
  return orphans = o;
}

void tree_forget_orphan(pid_t pid) {
  for (struct orphan **at = &orphans, *o; (o = *at); at = &o->next)
    if (o->pid == pid) {
      *at = o->next;
      free(o);
      return;
    }
}

static void signal_orphan(struct orphan *o, int signal) {
  if (o->owner && o->owner->exited && getpgid(o->pid) == o->owner->pid) kill(-o->owner->pid, signal);
  if (kill(o->pid, signal) < 0 && errno == EPERM) o->untouchable = true; /* it changed user: beyond our reach */
}

/* Nobody's orphan goes once every script that could have made it, being older than it, has ended; or with everything. */
static bool may_belong_to_a_running_script(const struct orphan *o) {
  for (struct script *s = scripts; s; s = s->next)
    if (!s->exited && s->start_ticks <= o->start_ticks) return true;
  return false;
}

static void treat_orphan(struct orphan *o) {
  struct script *s = o->owner;
  if (s ? s->killing : closing || fenced || !may_belong_to_a_running_script(o)) signal_orphan(o, SIGKILL);
  else if (s && s->kill_at_ms && !o->termed) {
    o->termed = true;
    if (kill(o->pid, SIGTERM) < 0 && errno == EPERM) o->untouchable = true;
  }
}

/* Looks through our children. The list only grows while we read, since nobody but us reaps it: nothing is missed. */
void tree_sweep(void) {
  char text[4096];
  off_t offset = 0;
  pid_t pid = 0;
  if (children_fd < 0) return;
  for (struct orphan *o = orphans; o; o = o->next) o->seen = false;
  for (ssize_t n; (n = pread(children_fd, text, sizeof text, offset)) > 0; offset += n)
    for (ssize_t i = 0; i < n; i++) {
      if (text[i] >= '0' && text[i] <= '9') pid = pid * 10 + (text[i] - '0');
      else if (pid) {
        struct script *s = script_of_pid(pid);
        if (!s || s->exited) orphan_of_pid(pid)->seen = true;
        pid = 0;
      }
    }
  for (struct orphan *o = orphans, *next; o; o = next) {
    next = o->next;
    if (o->seen) treat_orphan(o);
    else tree_forget_orphan(o->pid);
  }
}

/* Whether nothing of `s` is left that we could end; of anybody, if `s` is NULL. */
static bool gone(const struct script *s) {
  for (struct orphan *o = orphans; o; o = o->next)
    if (!o->untouchable && (!s || o->owner == s)) return false;
  return true;
}

bool tree_empty(void) { return gone(NULL); }
bool script_tree_gone(const struct script *s) { return gone(s); }

void script_disown(const struct script *s) {
  for (struct orphan *o = orphans; o; o = o->next)
    if (o->owner == s) o->owner = NULL;
}

/* SIGKILL to all that is known of it; what turns up later meets the same in tree_sweep(). */
void script_kill(struct script *s) {
  s->killing = true;
  if (!s->exited) kill(-s->pid, SIGKILL);
  for (struct orphan *o = orphans; o; o = o->next)
    if (o->owner == s) signal_orphan(o, SIGKILL);
}

/* SIGTERM, once; a later request can only shorten the grace. */
void script_terminate(struct script *s, uint32_t grace_ms) {
  int64_t at = now_us() / 1000 + grace_ms;
  bool first = s->kill_at_ms == 0;
  if (s->killing) return;
  if (first || at < s->kill_at_ms) s->kill_at_ms = at;
  if (grace_ms == 0) script_kill(s);
  else if (first) {
    if (!s->exited) kill(-s->pid, SIGTERM);
    tree_sweep();
  }
}

void script_kill_overdue(void) {
  int64_t now = now_us() / 1000;
  for (struct script *s = scripts; s; s = s->next)
    if (s->kill_at_ms && !s->killing && now >= s->kill_at_ms) script_kill(s);
}
