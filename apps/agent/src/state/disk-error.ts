import { AppError } from "@vpclab/shared/errors/app-error";
import { diskTrouble, diskTroubleText } from "@vpclab/shared/errors/disk-trouble";

/** What kept `path` from being written, as an AppError where its cause has a name; else the error as it is. */
export function diskError(path: string, error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const trouble = error instanceof AppError ? undefined : diskTrouble(code);
  if (!trouble) return error;
  return new AppError(trouble.kind === "room" ? "KERNEL_REFUSED" : "PRIVILEGE", diskTroubleText(path, code, trouble), { cause: error });
}
