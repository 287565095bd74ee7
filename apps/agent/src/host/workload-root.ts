import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readlinkSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { cFunction, MNT_DETACH, MS_BIND, MS_REC, mount, succeeded, umount } from "./libc";
import type { SystemCallNumbers } from "./system-call-numbers";

/** A file of the machine that a program needs, and where it finds it. */
export interface ShownFile {
  readonly source: string;
  readonly target: string;
}

/** Any folder that is always there: what is mounted on it is seen by this thread alone. */
const NEW_ROOT = "/proc";
/** Programs and libraries. Where `/bin` is a link into `/usr`, as on most systems, it is one here. */
const SYSTEM_FOLDERS = ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"];
/** Where libraries are; no other file of /etc is there. */
const SYSTEM_FILES = ["/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld-musl-x86_64.path", "/etc/ld-musl-aarch64.path"];
const DEVICES = ["null", "zero", "full", "random", "urandom"];

const MS_RDONLY = 1;
const MS_NOSUID = 2;
const MS_NODEV = 4;
const MS_NOEXEC = 8;
const MS_REMOUNT = 32;
const MS_PRIVATE = 0x40000;
/** A megabyte would hold it all: folders and empty files. */
const TMPFS_OPTIONS = "size=256k,nr_inodes=256,mode=755";
const mountFileSystem = cFunction("int mount(str source, str target, str type, ulong flags, str options)");
const callMountSetattr = cFunction("long syscall(long number, int directory, str path, uint flags, void *attributes, ulong bytes)");
/** This thread's; Node's own is the whole process's. */
const callChdir = cFunction("int chdir(str path)");
const changeDirectory = (path: string): void => void succeeded("chdir", callChdir(path));
const callPivotRoot = cFunction("long syscall(long number, str newRoot, str oldRoot)");

/** The same number on every architecture; Linux 5.12. */
const SYS_mount_setattr = 442;
const AT_FDCWD = -100;
const AT_RECURSIVE = 0x8000;

/**
 * Gives the calling thread, which has a mount namespace of its own already, a root of its own, and read-only: programs and
 * libraries of the machine, five devices, the shown files. Nothing else of the machine can be named: no /proc, /sys, /run, /root,
 * /home, /tmp, /var. Throws SystemCallError.
 */
export function enterWorkloadRoot(numbers: SystemCallNumbers, shown: readonly ShownFile[]): void {
  mount("", "/", MS_REC | MS_PRIVATE);
  succeeded("mount", mountFileSystem("tmpfs", NEW_ROOT, "tmpfs", MS_NOSUID | MS_NODEV, TMPFS_OPTIONS));
  for (const name of SYSTEM_FOLDERS) showFolder(name);
  for (const path of SYSTEM_FILES) if (existsSync(path)) showFile({ source: path, target: path });
  for (const file of shown) showFile(file);
  for (const name of DEVICES) showDevice(`/dev/${name}`);
  changeDirectory(NEW_ROOT);
  // Onto itself: the old root then lies on top, and goes (pivot_root(2)).
  succeeded("pivot_root", callPivotRoot(numbers.pivot_root, ".", "."));
  umount(".", MNT_DETACH);
  changeDirectory("/");
  mount("", "/", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV);
}

function showFolder(name: string): void {
  const [from, to] = [`/${name}`, join(NEW_ROOT, name)];
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (found?.isDirectory()) {
    mkdirSync(to);
    mount(from, to, MS_BIND | MS_REC);
    setReadOnly(to, MS_RDONLY | MS_NOSUID | MS_NODEV);
  }
}

function showFile({ source, target }: ShownFile): void {
  const at = emptyFile(target);
  mount(source, at, MS_BIND);
  setReadOnly(at, MS_RDONLY | MS_NOSUID | MS_NODEV);
}

function showDevice(path: string): void {
  const at = emptyFile(path);
  mount(path, at, MS_BIND);
  setReadOnly(at, MS_NOSUID | MS_NOEXEC);
}

/** A place to mount a file on. */
function emptyFile(target: string): string {
  const at = join(NEW_ROOT, target);
  mkdirSync(dirname(at), { recursive: true });
  closeSync(openSync(at, "a"));
  return at;
}

/** `MOUNT_ATTR_…` has the numbers of `MS_…` for these four. */
function setReadOnly(path: string, attributes: number): void {
  const set = new BigUint64Array([BigInt(attributes), 0n, 0n, 0n]);
  succeeded("mount_setattr", callMountSetattr(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, set, set.byteLength));
}
