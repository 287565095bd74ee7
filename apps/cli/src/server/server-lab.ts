import { AppError } from "@vpclab/shared/errors/app-error";
import type { Lab } from "../lab/lab";

export interface ServerLabOptions {
  readonly url: string;
  /** The server's own socket on this machine, where it is known: no sign-in is needed there. */
  readonly controlSocket?: string;
}

export async function openServerLab({ url }: ServerLabOptions): Promise<Lab> {
  throw new AppError("HOST_OFFLINE", `vpcctl cannot work on a server yet (${url}); use --local.`);
}
