import { readdirSync } from "node:fs";
import koffi from "koffi";

/**
 * System calls that Node does not have, called on this thread: the only file that knows the foreign function interface.
 * A failure is thrown as `SystemCallError`; "not now" of a non-blocking socket (EAGAIN) is `null`, because it is no failure.
 */
export class SystemCallError extends Error {
  /** errno(3) by name, e.g. `EEXIST`. */
  readonly code: string;

  constructor(readonly call: string, errno: number) {
    super(`${call}: ${errnoText(errno)}`);
    this.name = "SystemCallError";
    this.code = errnoName(errno);
  }
}

export type ForeignLibrary = ReturnType<typeof koffi.load>;

/** A shared library by its soname; throws when it is not installed. */
export const openLibrary = (soname: string): ForeignLibrary => koffi.load(soname);

// Node is linked against the C library, glibc or musl: its own symbols have it.
const libc = koffi.load(null);
export type Call = (...args: unknown[]) => number;
const calls = {
  setns: libc.func("int setns(int fd, int type)") as Call,
  unshare: libc.func("int unshare(int flags)") as Call,
  mount: libc.func("int mount(str source, str target, str type, ulong flags, void *data)") as Call,
  umount2: libc.func("int umount2(str target, int flags)") as Call,
  socket: libc.func("int socket(int domain, int type, int protocol)") as Call,
  bind: libc.func("int bind(int fd, const void *address, uint length)") as Call,
  connect: libc.func("int connect(int fd, const void *address, uint length)") as Call,
  listen: libc.func("int listen(int fd, int backlog)") as Call,
  accept4: libc.func("int accept4(int fd, void *address, void *length, int flags)") as Call,
  getsockname: libc.func("int getsockname(int fd, void *address, void *length)") as Call,
  send: libc.func("long send(int fd, const void *data, ulong length, int flags)") as Call,
  sendto: libc.func("long sendto(int fd, const void *data, ulong length, int flags, const void *address, uint addressLength)") as Call,
  recv: libc.func("long recv(int fd, void *data, ulong length, int flags)") as Call,
  recvfrom: libc.func("long recvfrom(int fd, void *data, ulong length, int flags, void *address, void *addressLength)") as Call,
  setsockopt: libc.func("int setsockopt(int fd, int level, int name, const void *value, uint length)") as Call,
  getsockopt: libc.func("int getsockopt(int fd, int level, int name, void *value, void *length)") as Call,
  poll: libc.func("int poll(void *entries, ulong count, int timeoutMs)") as Call,
  openat: libc.func("int openat(int directory, str path, int flags)") as Call,
  flock: libc.func("int flock(int fd, int operation)") as Call,
  fcntl: libc.func("int fcntl(int fd, int command, int argument)") as Call,
  syscall: libc.func("long syscall(long number, ulong first, ulong second, ulong third)") as Call,
  close: libc.func("int close(int fd)") as Call,
  memfd_create: libc.func("int memfd_create(str name, uint flags)") as Call,
};
const fsopen = libc.func("long syscall(long number, str type, ulong flags)") as Call;
const fsconfig = libc.func("long syscall(long number, ulong context, ulong command, void *key, void *value, ulong extra)") as Call;
const strerror = libc.func("str strerror(int errno)") as (errno: number) => string;

const NAMES = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
export const errnoName = (errno: number): string => NAMES.get(errno) ?? `errno ${errno}`;
/** As a person reads it, e.g. `File exists`. */
export const errnoText = (errno: number): string => strerror(errno);

const EINTR = koffi.os.errno["EINTR"];
const EAGAIN = koffi.os.errno["EAGAIN"];
const EINPROGRESS = koffi.os.errno["EINPROGRESS"];

/** A function of the C library by its prototype, e.g. `int getpid()`, for files that have calls of their own. */
export const cFunction = (prototype: string): Call => libc.func(prototype) as Call;

/** Declares a C structure that prototypes may name, e.g. `{ length: "ushort", items: "void *" }`. */
export const cStruct = (name: string, members: Readonly<Record<string, string>>): void => void koffi.struct(name, { ...members });

/** errno of the last call on this thread, by name. */
export const lastErrno = (): string => errnoName(koffi.errno());

/** The result of a `cFunction`; -1 means failure (man 3 errno). Throws SystemCallError. */
export function succeeded(name: string, result: number): number {
  if (result < 0) throw new SystemCallError(name, koffi.errno());
  return result;
}

/** The call's result; -1 means failure (man 3 errno). */
function must(name: keyof typeof calls, ...args: unknown[]): number {
  for (;;) {
    const result = calls[name](...args);
    if (result >= 0) return result;
    const errno = koffi.errno();
    if (errno !== EINTR) throw new SystemCallError(name, errno);
  }
}

function unlessAgain(name: keyof typeof calls, ...args: unknown[]): number | null {
  for (;;) {
    const result = calls[name](...args);
    if (result >= 0) return result;
    const errno = koffi.errno();
    if (errno === EAGAIN) return null;
    if (errno !== EINTR) throw new SystemCallError(name, errno);
  }
}

// ---- namespaces and mounts --------------------------------------------------------------------------------------

const MFD_CLOEXEC = 1;
/** A file that lies in memory only and goes with its last descriptor. */
export const createMemoryFile = (name: string): number => must("memfd_create", name, MFD_CLOEXEC);

export const CLONE_NEWNET = 0x40000000;
export const setns = (fd: number, type: number): void => void must("setns", fd, type);
export const unshare = (flags: number): void => void must("unshare", flags);

export const MS_BIND = 0x1000;
export const MS_REC = 0x4000;
export const MS_SHARED = 0x100000;
export const MNT_DETACH = 2;
export const mount = (source: string, target: string, flags: number): void => void must("mount", source, target, "none", flags, null);
export const umount = (target: string, flags: number): void => void must("umount2", target, flags);

// The same numbers on every architecture. Linux 5.2; before, there are none of these calls and no such mount.
const SYS_fsopen = 430;
const SYS_fsconfig = 431;
const SYS_fsmount = 432;
const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 1;
const MOUNT_ATTR_NOSUID_NODEV_NOEXEC = 14;

/** A procfs of its own that is mounted nowhere, as a descriptor of its root; null where the system does not allow it. */
export function mountProc(): number | null {
  const context = fsopen(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
  if (context < 0) return null;
  const created = fsconfig(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, null, null, 0) >= 0;
  const mounted = created ? calls.syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID_NODEV_NOEXEC) : -1;
  close(context);
  return mounted < 0 ? null : mounted;
}

const LOCK_EX_NB = 6;
/** An exclusive lock on an open file; false when another open file description holds it. */
export const flock = (fd: number): boolean => unlessAgain("flock", fd, LOCK_EX_NB) !== null;

// ---- sockets ----------------------------------------------------------------------------------------------------

export const AF_INET = 2;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
const SO_ERROR = 4;
export const SO_LINGER = 13;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;

/** A socket belongs for life to the network namespace that this thread is in. Never inherited by programs we start. */
export const socket = (domain: number, type: number, protocol = 0): number => must("socket", domain, type | SOCK_CLOEXEC, protocol);
export const bind = (fd: number, address: Buffer): void => void must("bind", fd, address, address.length);
export const listen = (fd: number, backlog: number): void => void must("listen", fd, backlog);
/** Non-blocking connection, or null when none waits. */
export const accept = (fd: number): number | null => unlessAgain("accept4", fd, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);

/** `in-progress`: a non-blocking socket becomes writable when it is decided; `socketError` says how. */
export function connect(fd: number, address: Buffer): "connected" | "in-progress" {
  if (calls.connect(fd, address, address.length) >= 0) return "connected";
  const errno = koffi.errno();
  if (errno === EINPROGRESS) return "in-progress";
  throw new SystemCallError("connect", errno);
}

/** Bytes taken, or null when the socket cannot take any now. */
export const send = (fd: number, data: Uint8Array, flags = 0): number | null => unlessAgain("send", fd, data, data.length, flags);
export const sendTo = (fd: number, data: Uint8Array, address: Buffer, flags = 0): number | null =>
  unlessAgain("sendto", fd, data, data.length, flags, address, address.length);
/** Bytes received into `data`; 0: the other side has closed; null: nothing there now. */
export const recv = (fd: number, data: Uint8Array, flags = 0): number | null => unlessAgain("recv", fd, data, data.length, flags);

const SOCKADDR_BYTES = 16;
/** As `recv`, with the sender's `sockaddr_in`. */
export function recvFrom(fd: number, data: Uint8Array, flags = 0): { readonly length: number; readonly from: Buffer } | null {
  const from = Buffer.alloc(SOCKADDR_BYTES);
  const length = unlessAgain("recvfrom", fd, data, data.length, flags, from, new Uint32Array([SOCKADDR_BYTES]));
  return length === null ? null : { length, from };
}

/** Address and port that a socket is bound to, as `sockaddr_in`. */
export function socketName(fd: number): Buffer {
  const name = Buffer.alloc(SOCKADDR_BYTES);
  must("getsockname", fd, name, new Uint32Array([SOCKADDR_BYTES]));
  return name;
}

export function setOption(fd: number, level: number, name: number, value: number | Buffer): void {
  const data = typeof value !== "number" ? value : value === 1 ? ONE : new Int32Array([value]);
  must("setsockopt", fd, level, name, data, data.byteLength);
}
const ONE = new Int32Array([1]);

/** errno of what went wrong on a socket since it was asked last (0: nothing), e.g. why a connection failed. */
export function socketError(fd: number): number {
  const value = new Int32Array(1);
  must("getsockopt", fd, SOL_SOCKET, SO_ERROR, value, new Uint32Array([value.byteLength]));
  return value[0] ?? 0;
}

const SO_NETNS_COOKIE = 71;
/** Number of the network namespace that a socket belongs to, never given out twice; null before Linux 5.14. */
export function netnsCookie(fd: number): bigint | null {
  const value = new BigUint64Array(1);
  if (calls.getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, value, new Uint32Array([value.byteLength])) < 0) return null;
  return value[0] ?? null;
}

export const POLLIN = 1;
export const POLLOUT = 4;
export const POLLERR = 8;
export const POLLHUP = 16;
const POLLFD_BYTES = 8;

/** Waits, with this thread, at most so long; returned events are in the order of the entries, 0 for none. */
export function poll(entries: readonly { readonly fd: number; readonly events: number }[], timeoutMs: number): number[] {
  const list = Buffer.alloc(entries.length * POLLFD_BYTES);
  entries.forEach(({ fd, events }, index) => {
    list.writeInt32LE(fd, index * POLLFD_BYTES);
    list.writeInt16LE(events, index * POLLFD_BYTES + 4);
  });
  must("poll", list, entries.length, timeoutMs);
  return entries.map((_, index) => list.readInt16LE(index * POLLFD_BYTES + 6));
}

export const O_RDONLY = 0;
export const O_WRONLY = 1;
const O_CLOEXEC = 0o2000000;
/** A file that exists, by its path from an open directory. Throws ENOENT. */
export const openAt = (directory: number, path: string, flags: number): number => must("openat", directory, path, flags | O_CLOEXEC);

/** The same number on every architecture; musl has no function for it. Its flag came with Linux 5.11. */
const SYS_close_range = 436;
const CLOSE_RANGE_CLOEXEC = 4;
const FIRST_BEYOND_STDIO = 3;
const DESCRIPTOR_MAX = 0xffffffff;

const F_SETFD = 2;
const FD_CLOEXEC = 1;

/** What libraries opened must not pass on to the programs that we start (Node's own descriptors never do). */
export function keepDescriptorsToOurselves(): void {
  if (calls.syscall(SYS_close_range, FIRST_BEYOND_STDIO, DESCRIPTOR_MAX, CLOSE_RANGE_CLOEXEC) >= 0) return;
  // An older kernel. One of the list is that of the list itself, and closed by now (EBADF).
  for (const fd of readdirSync("/proc/self/fd").map(Number)) if (fd >= FIRST_BEYOND_STDIO) calls.fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/** man 2 close: after EINTR the descriptor is closed all the same. */
export function close(fd: number): void {
  if (calls.close(fd) >= 0) return;
  const errno = koffi.errno();
  if (errno !== EINTR) throw new SystemCallError("close", errno);
}
