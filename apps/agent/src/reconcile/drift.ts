import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import type { Topology } from "@vpclab/shared/topology/topology";
import { findObject } from "@vpclab/shared/topology/topology-index";
import type { Held } from "./held";
import { documentOf } from "./held";
import type { Objects, Remainder } from "./object-status";
import { shownOn, stepsByObject } from "./object-status";
import { differencesLine, whatDiffers } from "./what-differs";

type Differences = Pick<Remainder, "steps" | "firewall">;

/** Owners of what differs: drawn objects, what is left of deleted ones, and the host itself. */
export const differingOwners = ({ steps, firewall }: Differences): Set<string> =>
  new Set([...steps.map((step) => step.owner.objectId), ...(firewall.length > 0 ? [HOST_OBJECT_ID] : [])]);

/**
 * Whether the agent mends an owner's differences by itself: what it was asked for and could not do always, drift where the
 * drawing says so. A removal that was accepted is always carried through. What was cancelled waits for a person.
 */
export function mendsByItself(held: Held, owner: string): boolean {
  if (held.stopped) return false;
  const document = documentOf(held);
  if (held.job.desired === null || document.settings.driftRepair === "automatic") return true;
  return shownOn(document, owner).some((id) => held.deployment.objects[id]?.state === "failed");
}

/** The owners that may be mended now, and how long it is until the next of the others. */
export const dueOwners = (held: Held, owners: ReadonlySet<string>): Set<string> =>
  new Set([...owners].filter((owner) => mendsByItself(held, owner) && held.pauses.leftMs(owner) === 0));

/** Statuses of what waits for its pause say so. */
export function withPauses(held: Held, objects: Objects, owners: ReadonlySet<string>): Objects {
  const document = documentOf(held);
  const noted = { ...objects };
  for (const owner of owners) {
    if (!mendsByItself(held, owner) || held.pauses.leftMs(owner) === 0) continue;
    for (const id of shownOn(document, owner)) {
      const status = noted[id];
      if (status?.state === "drifted") noted[id] = { ...status, reason: `${status.reason ?? ""}; it was mended ${held.pauses.countOf(owner)} times and is left alone for a while` };
    }
  }
  return noted;
}

const LINES_MAX = 10;

/** What was mended, one line per object: what it is called, and what had differed. */
export function mendedLines(document: Topology, before: Differences, mended: ReadonlySet<string>): { readonly objectId: string; readonly text: string }[] {
  const lines = [...stepsByObject(document, before.steps)].filter(([id]) => mended.has(id))
    .map(([objectId, steps]) => ({ objectId, text: `${nameOf(document, objectId)}: ${differencesLine(steps.map(whatDiffers))}` }));
  const host = before.firewall.length > 0 && shownOn(document, HOST_OBJECT_ID).every((id) => mended.has(id))
    ? [{ objectId: HOST_OBJECT_ID, text: `the host's firewall: ${differencesLine(before.firewall.map(({ words }) => words))}` }] : [];
  const all = [...lines, ...host];
  const more = all.length - LINES_MAX;
  return more > 0 ? [...all.slice(0, LINES_MAX), { objectId: HOST_OBJECT_ID, text: `${more} more objects` }] : all;
}

const nameOf = (document: Topology, objectId: string): string => {
  const found = findObject(document, objectId);
  return found ? `“${found.object.name}”` : objectId === HOST_OBJECT_ID ? "the host" : objectId;
};
