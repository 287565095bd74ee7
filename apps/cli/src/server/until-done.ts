import { AppError } from "@vpclab/shared/errors/app-error";
import type { Deployment, HostInfo, JobFailure, LiveEvent } from "@vpclab/shared/wire/live";
import type { OnProgress } from "../lab/lab";
import type { TopologyFeed } from "./topology-feed";

/** The server itself says after five minutes that a host has not finished; this is for a server that says nothing. */
const SILENCE_MS = 6 * 60_000;

export interface Done {
  readonly deployment: Deployment;
  readonly failure: JobFailure | null;
}

/** Waits until the host has reached `generation` or failed. Throws AppError: HOST_OFFLINE as soon as the host is gone. */
export async function untilDone(feed: TopologyFeed, generation: number, onProgress?: OnProgress): Promise<Done> {
  let deadline = Date.now() + SILENCE_MS;
  for (;;) {
    const event = await feed.next(Math.max(0, deadline - Date.now()));
    // Counters come each second, whatever becomes of the apply.
    if (event.type !== "counters") deadline = Date.now() + SILENCE_MS;
    if (event.type === "objects") onProgress?.(event.objects);
    if (event.type === "removed") throw new AppError("NOT_FOUND", "The topology was deleted while it was applied.");
    const done = doneBy(event, generation);
    if (done) return done;
    if ((event.type === "host" || event.type === "snapshot") && !event.host?.online) throw wentAway(event.host);
  }
}

function doneBy(event: LiveEvent, generation: number): Done | null {
  if (event.type !== "deployment" && event.type !== "snapshot") return null;
  const { deployment } = event;
  const failure = event.type === "deployment" ? (event.failure ?? null) : null;
  const reached = deployment.generation >= generation && deployment.state !== "applying";
  return reached || failure ? { deployment, failure } : null;
}

const wentAway = (host: HostInfo | null): AppError =>
  new AppError("HOST_OFFLINE", `The host${host ? ` “${host.name}”` : ""} was lost before it was done. The change is stored and is carried out as soon as its agent is back.`);
