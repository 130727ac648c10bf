/* Collecting what ended. A script is over when its leader has exited and its tree is gone; pipes decide nothing. */
#include "launcher.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static struct script *running_script(pid_t pid) {
  struct script *s = scripts;
  while (s && (s->exited || s->pid != pid)) s = s->next;
  return s;
}

/* While the leader is a zombie its number is its own: the group is signalled before the zombie is taken. */
static void leader_exited(struct script *s) {
  s->ended_us = now_us();
  if (!s->kill_at_ms) script_kill(s);
  s->exited = wait4(s->pid, &s->status, 0, &s->usage) == s->pid;
}

static double cpu_us(const struct rusage *u) {
  return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1e6 + (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec);
}

static void report(const struct script *s) {
  const struct stream *streams[] = {&s->out, &s->err};
  waiting_ends(s);
  frame_begin(EXITED);
  put_u32(s->id);
  put_u32((uint32_t)s->status);
  bool has_output = *s->output_path && access(s->output_path, F_OK) == 0;
  put_u32((has_output ? HAS_OUTPUT : 0) | (s->fenced ? WAS_FENCED : 0));
  put_f64((double)(s->ended_us - s->started_us));
  put_f64(cpu_us(&s->usage));
  put_f64((double)s->usage.ru_maxrss * 1024);
  for (int i = 0; i < 2; i++) {
    put_f64((double)streams[i]->bytes);
    put_u32(streams[i]->head);
    put_u32(streams[i]->len);
  }
  for (int i = 0; i < 2; i++) stream_put_head(streams[i]), stream_put_tail(streams[i]);
  frame_end(waiting_suffices(s) ? END_OF_SEVERAL : AT_ONCE);
  adopt_hold(s);
}

static void finish(struct script *s) {
  stream_drain(&s->out), stream_drain(&s->err);
  report(s);
  waiting_ended(s);
  script_disown(s);
  free(s->out.buf), free(s->err.buf), free(s->output_path), free(s->attempt_key), free(s);
}

void reap_all(void) {
  siginfo_t who;
  for (who.si_pid = 0; waitid(P_ALL, 0, &who, WEXITED | WNOHANG | WNOWAIT) == 0 && who.si_pid; who.si_pid = 0) {
    struct script *s = running_script(who.si_pid);
    if (s) leader_exited(s);
    else {
      waitpid(who.si_pid, NULL, 0);
      tree_forget_orphan(who.si_pid);
    }
  }
  tree_sweep();
  for (struct script **at = &scripts, *s; (s = *at);)
    if (s->exited && script_tree_gone(s)) {
      *at = s->next;
      finish(s);
    } else at = &s->next;
}
