/*
 * What /usr/bin/env would do for a script that begins with `#!/usr/bin/env NAME`, without starting it in between: each
 * program costs a pass of the dynamic loader, a third of a no-op script's time. What the script sees is the same to the byte.
 * Whatever is not quite usual is left to the kernel and the real env, so that every failure is told as they tell it.
 */
#include "launcher.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000 /* Linux 6.14 */
#endif

static const char env_program[] = "/usr/bin/env", blanks[] = " \t";
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";

/* Points to NAME in a line that is `#!`, blanks or none, env, blanks, NAME, blanks or none, and LF; else NULL. */
static const char *name_in(char *line, size_t length) {
  char *end = memchr(line, '\n', length), *at = line + 2;
  if (!end || memcmp(line, "#!", 2) != 0) return NULL;
  *end = '\0';
  at += strspn(at, blanks);
  if (strncmp(at, env_program, sizeof env_program - 1) != 0) return NULL;
  at += sizeof env_program - 1;
  char *name = at + strspn(at, blanks), *behind = name + strspn(name, plain);
  if (name == at || name == behind || *name == '-' || behind + strspn(behind, blanks) != end) return NULL;
  *behind = '\0';
  return name;
}

/* Regular and executable for us; a mount without execution counts. */
static bool executable(const char *path, const struct stat *s) {
  return S_ISREG(s->st_mode) && faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

/* Before the fork. Leaves an empty name where the script is to be started as it is. */
void interpreter_look_up(const char *path, struct interpreter *found) {
  char line[INTERPRETER_LINE];
  struct stat s;
  *found = (struct interpreter){.name = ""};
  int fd = *path == '/' ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
  if (fd < 0) return;
  ssize_t length = read(fd, line, sizeof line);
  const char *name = length > 2 ? name_in(line, (size_t)length) : NULL;
  if (name && fstat(fd, &s) == 0 && executable(path, &s) && stat(env_program, &s) == 0 && executable(env_program, &s)) {
    strcpy(found->name, name);
    /* The kernel starts no script that is open for writing, and neither gives a lease on it, which ends with the descriptor. */
    found->unwritten = fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
  }
  close(fd);
}

/*
 * In the child, whose memory is its parent's: nothing but the stack is written. Returns if the script is to be started as it is.
 * Only an owner gets a lease. Others ask the kernel; one that does not know the question starts the script, or refuses.
 */
void interpreter_execute(const struct interpreter *i, char *path, char **env) {
  char *own[] = {path, NULL}, *argv[] = {(char *)i->name, path, NULL}, candidate[PATH_MAX];
  size_t length = strlen(i->name);
  char **entry = env;
  while (*entry && strncmp(*entry, "PATH=", 5) != 0) entry++;
  if (length == 0 || !*entry) return;
  if (!i->unwritten && syscall(SYS_execveat, AT_FDCWD, path, own, env, AT_EXECVE_CHECK) != 0) return;
  for (const char *directory = *entry + 5;;) {
    size_t size = strcspn(directory, ":");
    if (size + length + 2 > sizeof candidate) return;
    memcpy(candidate, directory, size);
    candidate[size] = '/';
    memcpy(candidate + size + (size > 0), i->name, length + 1); /* without a directory: in the current one */
    execve(candidate, argv, env);
    if ((errno != ENOENT && errno != ENOTDIR && errno != EACCES) || !directory[size]) return;
    directory += size + 1;
  }
}
