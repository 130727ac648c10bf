/*
 * The launcher: starts scripts for the engine, keeps what they print within bounds, and ends their whole trees.
 * One thread, one epoll loop. Frames come in on stdin and go out on stdout; their layout is described in
 * src/launcher/frames.ts, which must agree with the constants here.
 */
#ifndef MAXQ_LAUNCHER_H
#define MAXQ_LAUNCHER_H

#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

enum { PROTOCOL_VERSION = 4 };
enum request { HELLO = 1, START = 2, TERMINATE = 3, FOLLOW = 4, DEADLINE = 5, FORGET = 6, CLOSE = 7, LOST = 8, RESUME = 9, OWNER = 10, WITHDRAW = 11 };
enum event { READY = 129, STARTED = 130, NOT_STARTED = 131, OUTPUT = 132, EXITED = 133, KNOWN = 134, LISTED = 135, OWNED = 136, GENERATION = 137 };
enum ability { TELLS_OWNERS = 1, KEEPS_WAITING = 2 };
enum start_stage { STAGE_PREPARE = 0, STAGE_CHDIR = 1, STAGE_EXEC = 2, STAGE_FENCED = 3, STAGE_WITHDRAWN = 4 };
enum exit_flag { HAS_OUTPUT = 1, WAS_FENCED = 2 };
/* A frame that is not to be told at once waits so many ms for others, so that it costs the engine no wake-up of its own. */
enum urgency { AT_ONCE = 0, END_OF_SEVERAL = 10, JUST_STARTED = 20 };
enum known_state { RUNNING = 0, ENDED = 1, LOST_BEFORE = 2 };

struct script;

/* One output pipe: the first `head` bytes, then a ring that holds the last `cap - head`. */
struct stream {
  int fd; /* -1 once closed */
  uint32_t which; /* 1 stdout, 2 stderr */
  struct script *script;
  uint64_t bytes; /* all that was read, kept or not */
  uint32_t cap, head, size, len, pos;
  char *buf;
};

/* One running attempt; its pid is its process group and its session, too. */
struct script {
  struct script *next;
  uint32_t id;
  uint32_t below; /* how many of those with a bound may run, see waiting.c; 0: it has none */
  pid_t pid;
  bool exited; /* the leader was reaped; what it left behind may still be dying */
  bool killing; /* SIGKILL was sent: everything of it that turns up is killed at once */
  bool fenced; /* the deadline ended it */
  bool follow;
  int status;
  struct rusage usage;
  int64_t started_us, ended_us;
  int64_t kill_at_ms; /* end of the grace after SIGTERM; 0: not terminated */
  uint64_t start_ticks; /* comparable with the start time in /proc/PID/stat */
  uint32_t reason; /* why it is being ended, in the engine's terms: the first that was given; 0: it is not */
  char *output_path, *attempt_key;
  struct stream out, err;
};

/* A process that came back to us, the sub-reaper, because its parent died. */
struct orphan {
  struct orphan *next;
  pid_t pid;
  struct script *owner; /* NULL: nothing tells whose it is */
  uint64_t start_ticks;
  bool seen, termed, untouchable;
};

/* main.c */
extern struct script *scripts;
extern bool closing; /* no starts any more, everything goes */
extern int epoll_fd;
void close_down(void);
void greet(void);
void listen_to(int fd);
int64_t now_us(void);
void *must_alloc(void *old, size_t size);

/* frames.c */
struct request_reader { const char *at, *end; };
uint32_t take_u32(struct request_reader *r);
double take_f64(struct request_reader *r);
char *take_string(struct request_reader *r);
char *kept_string(const char *s);
void frame_begin(enum event type);
void put_u32(uint32_t value);
void put_f64(double value);
void put_bytes(const void *bytes, size_t length);
void frame_end(enum urgency within);
size_t frame_last(const char **bytes); /* the frame that was just ended */
void frame_undo(void);
size_t frames_waiting(void);
void frames_urge(void);
bool frames_urgent(void);
int64_t frames_due_ms(void); /* when what waits is to go out, by now_us(); 0: nothing does, or the engine has no room */
bool frames_flush(void); /* false: the engine is gone */
extern int engine_in, engine_out; /* -1: no engine */
void engine_attach(int in, int out);
void engine_detach(void);
int requests_read(void (*handle)(uint32_t type, struct request_reader r)); /* 0: end of input */

/* start.c */
void environment_set(struct request_reader r, const char *mark);
struct script *script_start(struct request_reader r); /* NULL: it was not started, and the engine is told why */
void script_not_started(uint32_t id, int why, enum start_stage stage);
extern uint32_t last_id; /* the highest number that a script was given */
extern const char *mark_prefix; /* "NAME=nonce.", before the script's id */

/* waiting.c */
bool waiting_take(struct request_reader r);
void waiting_start(void);
void waiting_init(void);
void waiting_begins(uint32_t id, uint32_t bound);
void waiting_began(struct script *s, uint32_t bound);
bool waiting_suffices(const struct script *s);
void waiting_ends(const struct script *s);
void waiting_ended(const struct script *s);
void waiting_fails(uint32_t bound);
void waiting_failed(uint32_t bound);
void waiting_end(enum start_stage stage);
bool waiting_withdraw(uint32_t id);
void waiting_follow(uint32_t id, bool wanted);
void waiting_drop(void);

/* interpreter.c */
enum { INTERPRETER_LINE = 127 }; /* what every kernel reads of a first line */
struct interpreter {
  char name[INTERPRETER_LINE]; /* to be looked up in PATH; "": not one of `#!/usr/bin/env NAME` */
  bool unwritten; /* nobody has the script open for writing; false: not known */
};
void interpreter_look_up(const char *path, struct interpreter *found);
void interpreter_execute(const struct interpreter *i, char *path, char **env);

/* capture.c */
void stream_read(struct stream *s);
void stream_drain(struct stream *s);
void stream_close(struct stream *s);
void stream_put_head(const struct stream *s);
void stream_put_tail(const struct stream *s);
void script_follow(struct script *s, bool wanted);

/* kill.c */
void tree_init(void);
bool tree_contained(void);
void tree_sweep(void);
bool tree_empty(void);
void tree_forget_orphan(pid_t pid);
void script_terminate(struct script *s, uint32_t grace_ms);
void script_kill(struct script *s);
void script_kill_overdue(void);
bool script_tree_gone(const struct script *s);
void script_disown(const struct script *s);

/* fence.c */
extern bool fenced; /* the deadline has passed, and none has been set since */
int fence_init(void);
int64_t boot_us(void);
bool fence_set_ever(void);
bool fence_passed(int64_t at_boot_us);
void fence_set(struct request_reader r);
void fence_enforce(void);

/* owner.c */
enum { NOT_KNOWN = 0xffffffff };
void owner_tell(struct request_reader r);

/* reap.c */
void reap_all(void);

/* adopt.c */
extern int adopt_fd; /* where successors knock; -1: this launcher ends with its engine */
extern bool delivering; /* the engine wants to hear of exits; one that has just come lists first what there is */
void adopt_offer(const char *directory);
void adopt_accept(void);
void adopt_list(void);
void adopt_resume(void);
void adopt_engine_left(void);
void adopt_hold(const struct script *s);
void adopt_remember_lost(struct request_reader r);
void adopt_forget(struct request_reader r);
bool adopt_pointless(void); /* nobody would find anything here any more */
void adopt_withdraw(void);

#endif
