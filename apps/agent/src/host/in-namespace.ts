import { closeSync, openSync, writeSync } from "node:fs";
import { AppError } from "@vpclab/shared/errors/app-error";
import { CLONE_NEWNET, setns } from "./libc";
import { netnsPath } from "./netns";

/** This thread's own network namespace, opened before it ever leaves it. `/proc/self` would be the main thread's. */
let home: number | null = null;
let away = false;

const homeDescriptor = (): number => (home ??= openSync("/proc/thread-self/ns/net", "r"));

/**
 * Runs `work` with this thread inside a named network namespace (null: its own) and comes back before anything else runs.
 * `work` must be synchronous and start neither processes nor asynchronous work: those would be born inside. Sockets opened
 * inside stay there for life. Files under /proc/sys/net and /proc/thread-self/net are those of the namespace;
 * /proc/self/net is not. Throws NOT_FOUND when there is no such name.
 */
export const inNamespace = <T>(name: string | null, work: () => T): T =>
  name === null ? work() : withNamespace(name, (descriptor) => inNamespaceOf(descriptor, work));

/** With an open descriptor of a named namespace (null: the own one), for as long as `use` runs. Throws NOT_FOUND. */
export function withNamespace<T>(name: string | null, use: (descriptor: number) => T): T {
  if (name === null) return use(homeDescriptor());
  const descriptor = openNamespace(name);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function openNamespace(name: string): number {
  try {
    return openSync(netnsPath(name), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new AppError("NOT_FOUND", `the network namespace ${name} is not there`);
    throw error;
  }
}

/** As `inNamespace`, for an open descriptor of a namespace. */
export function inNamespaceOf<T>(descriptor: number, work: () => T): T {
  return awayFromHome(() => setns(descriptor, CLONE_NEWNET), work);
}

/** As `inNamespace`, after `leave` has taken this thread elsewhere, e.g. into a new namespace. */
export function awayFromHome<T>(leave: () => void, work: () => T): T {
  const back = homeDescriptor();
  if (away) throw new Error("already inside another namespace: visits do not nest");
  leave();
  away = true;
  try {
    return work();
  } finally {
    comeBack(back);
  }
}

function comeBack(descriptor: number): void {
  try {
    setns(descriptor, CLONE_NEWNET);
    away = false;
  } catch (error) {
    // Whatever this process did next it would do to a wrong network.
    writeSync(2, `cannot return to the own network namespace: ${String(error)}\n`);
    process.abort();
  }
}
