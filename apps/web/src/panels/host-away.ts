import type { Deployment, HostInfo } from "@vpclab/shared/wire/live";

export interface HostAway {
  /** For the badge, e.g. `offline since 14:05`. */
  readonly short: string;
  /** What it means for whoever works on the drawing. */
  readonly long: string;
}

/** What a person has to know of a host that is away; null: it is there, or not to be waited for. */
export function hostAway(host: Pick<HostInfo, "state" | "online" | "lastSeenAt">, { state, revision }: Pick<Deployment, "state" | "revision">): HostAway | null {
  if (host.online || host.state !== "approved") return null;
  const since = host.lastSeenAt === null ? "offline, never seen" : `offline since ${whenText(host.lastSeenAt)}`;
  const applied = revision === 0 ? "nothing applied" : `revision ${revision} applied`;
  const next = state === "applying" ? "your changes are applied when it is back" : "what you apply now is carried out when it is back";
  return { short: since, long: `${since}, ${applied}, ${next}` };
}

const whenText = (at: number): string => new Date(at).toLocaleString([], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
