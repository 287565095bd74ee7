import type { Deployment, HostInfo, ObjectState } from "@vpclab/shared/wire/live";
import type { LiveState } from "./live-store";
import { HOST_ID } from "../scene/scene";

/** What the canvas says of the machine that becomes the drawing. */
export interface HostView {
  /** null: there is none yet, or nobody has said which. */
  readonly name: string | null;
  /** null: not known. */
  readonly presence: "online" | "offline" | "waits for approval" | "locked" | "revoked" | null;
  /** What of the machine it uses. */
  readonly ground: string | null;
  /** What was applied last, e.g. `revision 12 applied`. */
  readonly applied: string;
}

/** For a card, in two or three words. */
const GROUNDS: Readonly<Record<HostInfo["mode"], string>> = { sandbox: "sandbox", host: "real network", rootless: "rootless sandbox" };
const STATES = { pending: "waits for approval", locked: "locked", revoked: "revoked" } as const;

export function hostView({ host, deployment }: Pick<LiveState, "host" | "deployment">): HostView {
  return {
    name: host?.name ?? null,
    presence: host === null ? null : host.state === "approved" ? (host.online ? "online" : "offline") : STATES[host.state],
    ground: host === null ? null : GROUNDS[host.mode],
    applied: appliedWords(deployment),
  };
}

export function appliedWords({ state, revision, returned }: Pick<Deployment, "state" | "revision" | "returned">): string {
  if (state === "applying") return "applying";
  if (revision === 0 || state === "empty" || state === "unknown") return "nothing applied";
  if (state === "stopped") return `revision ${revision}, cancelled half-way`;
  return returned ? `went back to revision ${revision}` : `revision ${revision} applied`;
}

const DEPLOYMENT_STATES: Readonly<Record<Deployment["state"], ObjectState>> = {
  empty: "absent", unknown: "absent", applying: "applying", "in-place": "in-place", failed: "failed", drifted: "drifted", stopped: "pending",
};

/** The host's own state is that of everything on it: what failed or drifted anywhere is to be seen there, with how much of it. */
export function hostStatus({ state, objects }: Pick<Deployment, "state" | "objects">): { readonly state: ObjectState; readonly reason?: string } {
  if (state !== "failed" && state !== "drifted") return { state: DEPLOYMENT_STATES[state] };
  const own = objects[HOST_ID];
  const count = Object.values(objects).filter((object) => object.state === state).length;
  const verb = state === "failed" ? "not in place" : "not as applied";
  return { state, reason: own?.state === state && own.reason !== undefined ? own.reason : `${count} ${count === 1 ? "object is" : "objects are"} ${verb}` };
}
