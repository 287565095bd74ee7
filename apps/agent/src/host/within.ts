import { AppError } from "@vpclab/shared/errors/app-error";

/**
 * The result of the work, or STEP_TIMEOUT after so many milliseconds: what waits for the work goes on then. The work itself cannot be
 * broken off from here; what still comes of it is not heard, and seen at the next look.
 */
export async function within<T>(ms: number, what: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("STEP_TIMEOUT", `${what} did not end within ${ms / 1000} s and is not waited for any more. See on the host what holds it up (ps, dmesg), then apply again.`)), ms);
  });
  try {
    return await Promise.race([work(), end]);
  } finally {
    clearTimeout(timer);
  }
}
