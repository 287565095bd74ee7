import { AppError } from "@vpclab/shared/errors/app-error";

/** `http://host:port` of what a person typed. Throws AppError. */
export function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new AppError("SCHEMA", `“${url}” is no address of a server: give it as http://host:3000.`);
  return parsed.origin;
}

export function unreachable(origin: string, cause: unknown): AppError {
  const inner = (cause as { cause?: { code?: string } } | null)?.cause?.code ?? (cause as { code?: string } | null)?.code;
  const why = inner === "ECONNREFUSED" ? "nothing listens there" : inner ?? (cause instanceof Error ? cause.message : "no answer");
  return new AppError("HOST_OFFLINE", `The server at ${origin} cannot be reached (${why}). Is it running? Without a server: vpcctl --local …`, { cause });
}

/** That nobody is signed in matters only where there is a server. Throws AppError. */
export async function mustAnswer(origin: string): Promise<void> {
  const response = await fetch(`${origin}/healthz`, { redirect: "manual", signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => { throw unreachable(origin, error); });
  await response.body?.cancel();
}
