import { closeSync, writeSync } from "node:fs";
import { cFunction, succeeded } from "./libc";
import { programPath } from "./program-path";

const callPipe2 = cFunction("int pipe2(void *descriptors, int flags)");
const O_CLOEXEC = 0o2000000;

/** Waits for a line at descriptor 3 and becomes the program; without a line, because the agent has died, it ends. The words are arguments, never text of the script. */
const WAIT_THEN_BECOME = 'read -r go <&3 && exec "$@" 3<&-';

/**
 * Holds a new process before its program until it is in its control groups. Linux has a call that starts a process inside of one
 * (clone3(2), CLONE_INTO_CGROUP), but only for who forks by itself, which a thread of Node cannot do, and the C library offers it
 * from glibc 2.39 on only; a thread alone cannot be in a group with a memory limit (cgroup-v2.rst, “Threads”). What waits here is a
 * shell that reads one line and can start nothing else, and not a program of the instance; so nothing is ever started outside.
 */
export class StartGate {
  private constructor(readonly reading: number, private readonly writing: number) {}

  static open(): StartGate {
    const ends = new Int32Array(2);
    succeeded("pipe2", callPipe2(ends, O_CLOEXEC));
    return new StartGate(ends[0] ?? -1, ends[1] ?? -1);
  }

  /** The program behind the gate, whose reading end is the process's descriptor 3. Shells have an environment of their own: it goes again. */
  static before(argv: readonly string[], environment: readonly string[]): [string, ...string[]] {
    return [programPath("sh"), "-c", WAIT_THEN_BECOME, "sh", programPath("env"), "-i", ...environment, ...argv];
  }

  /** Lets it run. Whoever was killed at the gate meanwhile is gone. */
  letGo(): void {
    try {
      writeSync(this.writing, "\n");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
    }
  }

  /** Whoever still waits ends. */
  close(): void {
    closeSync(this.reading);
    closeSync(this.writing);
  }
}
