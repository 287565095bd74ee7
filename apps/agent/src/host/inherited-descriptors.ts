import { closeSync, readFileSync, readdirSync } from "node:fs";

/** O_CLOEXEC in the octal `flags` of /proc/self/fdinfo (proc(5)). */
const CLOSE_ON_EXEC = 0o2000000;
const FIRST_BEYOND_STDIO = 3;

/**
 * Closes descriptors that the agent's own starter left open, such as a shell's: they would pass on to every program it
 * starts, into instances too. Node opens everything close-on-exec, so what is not was there before. To be called first
 * thing; answers with the descriptors that were closed.
 */
export function closeInheritedDescriptors(): number[] {
  return readdirSync("/proc/self/fd").map(Number).filter((descriptor) => {
    if (descriptor < FIRST_BEYOND_STDIO || !isInherited(descriptor)) return false;
    closeSync(descriptor);
    return true;
  });
}

function isInherited(descriptor: number): boolean {
  try {
    const [, flags] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8")) ?? [];
    return flags !== undefined && (parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The descriptor through which the list itself was read.
    return false;
  }
}
