import { AppError } from "@vpclab/shared/errors/app-error";
import { diskTrouble, diskTroubleText } from "@vpclab/shared/errors/disk-trouble";

/** What kept `path` from being written, as UNAVAILABLE where its cause has a name; else the error as it is. */
export function diskError(path: string, error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  const trouble = error instanceof AppError ? undefined : diskTrouble(code);
  return trouble ? new AppError("UNAVAILABLE", diskTroubleText(path, code, trouble), { cause: error }) : error;
}
