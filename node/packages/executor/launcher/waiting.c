/*
 * Scripts that wait for others to end. A START with a bound is begun while fewer than so many of those with a bound run and none waits before it; else a copy of it
 * stays here. The engine hands over a few more short scripts than may run: the next one starts the moment another ends, and the engine hears of several ends at once.
 *
 * What waits was never started, and the engine may have it back: what it asks for, and everything as soon as a script with a bound goes wrong or was to be ended,
 * because the engine may then not want the others to start (their stage fails, their run is aborted). That is told right after the end which is the reason; and what
 * the engine sends before it has heard of that goes back, too: such an end begins another generation, and each START tells the one that the engine knew of.
 *
 * They begin in the order of their numbers, and the last one that may have begun stands in a piece of memory of which the engine holds a descriptor: when we are killed,
 * it knows which never began, though STARTED is told late.
 */
#include "launcher.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct waiting {
  struct waiting *next;
  uint32_t id, below;
  bool follow;
  size_t length;
  char start[]; /* the body of its START */
};

static struct waiting *first, **last = &first;
static uint32_t waiting_count, running_bounded, generation;
static volatile uint32_t *last_begun;

/* A START's bound has two halves. */
static uint32_t below_of(uint32_t bound) { return bound & 0xffff; }
static uint32_t generation_of(uint32_t bound) { return bound >> 16; }

/* Takes a START that may not begin, or not yet. What is to be refused is left to script_start(). */
bool waiting_take(struct request_reader r) {
  struct request_reader head = r;
  uint32_t id = take_u32(&head);
  take_u32(&head), take_u32(&head);
  uint32_t bound = take_u32(&head), below = below_of(bound);
  if (!below || closing || fenced) return false;
  if (id > last_id) last_id = id;
  if (generation_of(bound) != generation) {
    script_not_started(id, ECANCELED, STAGE_WITHDRAWN);
    return true;
  }
  if (!first && running_bounded < below) return false;
  size_t length = (size_t)(r.end - r.at);
  struct waiting *w = must_alloc(NULL, sizeof *w + length);
  *w = (struct waiting){.id = id, .below = below, .length = length};
  memcpy(w->start, r.at, length);
  *last = w, last = &w->next;
  waiting_count++;
  return true;
}

static struct waiting **place_of(uint32_t id) {
  struct waiting **at = &first;
  while (*at && (*at)->id != id) at = &(*at)->next;
  return at;
}

static void take_out(struct waiting **at) {
  struct waiting *w = *at;
  if (!(*at = w->next)) last = at;
  waiting_count--;
}

/* Starts what may start, in the order in which it came. */
void waiting_start(void) {
  for (struct waiting *w; (w = first) && running_bounded < w->below;) {
    take_out(&first);
    struct script *s = script_start((struct request_reader){w->start, w->start + w->length});
    if (s && w->follow) script_follow(s, true);
    free(w);
  }
}

static void give_back(struct waiting **at, enum start_stage stage) {
  struct waiting *w = *at;
  take_out(at);
  script_not_started(w->id, ECANCELED, stage);
  free(w);
}

/* Nothing of what waits is started. */
void waiting_end(enum start_stage stage) {
  while (first) give_back(&first, stage);
}

/* Whether it waited. */
bool waiting_withdraw(uint32_t id) {
  struct waiting **at = place_of(id);
  if (!*at) return false;
  give_back(at, STAGE_WITHDRAWN);
  return true;
}

void waiting_follow(uint32_t id, bool wanted) {
  struct waiting *w = *place_of(id);
  if (w) w->follow = wanted;
}

void waiting_began(struct script *s, uint32_t bound) {
  s->below = below_of(bound);
  if (s->below) running_bounded++;
}

/* The engine finds it among our descriptors, by its name; see begun.ts. Without it all that was handed over counts as begun. */
void waiting_init(void) {
  int fd = memfd_create("maxq-begun", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, sizeof *last_begun) < 0) return;
  void *at = mmap(NULL, sizeof *last_begun, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (at == MAP_FAILED) close(fd);
  else last_begun = at;
}

/* Before its process is there. */
void waiting_begins(uint32_t id, uint32_t bound) {
  if (below_of(bound) && last_begun) *last_begun = id;
}

static bool went_well(const struct script *s) { return s->status == 0 && !s->reason; }

/* Whether the engine need not hear at once of an end, because enough is left to start without it. */
bool waiting_suffices(const struct script *s) { return s->below && went_well(s) && waiting_count > s->below / 4; }

/* Told before the end itself, so that the engine knows of both by the time at which it acts on that. Without an engine that listens there is nobody to know. */
static void begin_generation(void) {
  if (!delivering) return;
  generation = (generation + 1) & 0xffff;
  frame_begin(GENERATION);
  put_u32(generation);
  frame_end(AT_ONCE);
}

/* Its EXITED comes next. */
void waiting_ends(const struct script *s) {
  if (s->below && !went_well(s)) begin_generation();
}

/* Its EXITED was just ended. */
void waiting_ended(const struct script *s) {
  if (!s->below) return;
  running_bounded--;
  if (!went_well(s)) waiting_end(STAGE_WITHDRAWN);
}

/* One that cannot be started is as good as one that failed; its NOT_STARTED comes next. */
void waiting_fails(uint32_t bound) {
  if (below_of(bound)) begin_generation();
}

void waiting_failed(uint32_t bound) {
  if (below_of(bound)) waiting_end(STAGE_WITHDRAWN);
}

/* The engine is gone: a successor is not told of what never started, and starts it itself. It knows of no generation. */
void waiting_drop(void) {
  generation = 0;
  for (struct waiting *w; (w = first);) {
    take_out(&first);
    free(w);
  }
}
