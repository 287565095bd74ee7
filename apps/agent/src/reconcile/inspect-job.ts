import { AppError } from "@vpclab/shared/errors/app-error";
import type { KernelState } from "@vpclab/shared/plan/kernel-state";
import { HOST_OBJECT_ID } from "@vpclab/shared/plan/compile-host";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import type { Look } from "@vpclab/shared/plan/look";
import { looksAt } from "@vpclab/shared/plan/looks-at";
import type { InspectedPart, Inspection } from "@vpclab/shared/wire/live";
import type { VerifiedInspect } from "../link/verify-job";
import { notApplied } from "./probe-job";

/** What a look printed, or why there is nothing to see; never throws for what the kernel says. */
export interface KernelReader {
  readonly text: (look: Look) => Promise<string>;
  /** Namespace that plays the host; null on a real host. */
  readonly hostNetns: string | null;
  /** Values of named counters of the namespace's table; those that are not there are left out. */
  readonly counters: (namespace: string, names: readonly string[]) => Inspection["counters"];
}

const TEXT_CHARS_MAX = 24_000;
/** All of one answer together, so that it fits a frame also when every character is escaped. */
const ALL_CHARS_MAX = 300_000;
const PARTS_MAX = 24;
const NOTHING_THERE = "Nothing in the kernel is there for this object: it is not applied, or other objects carry it out.";
const NOTHING_ON_HOST = "This topology has nothing on the host itself: it has no internet gateway there and no VPC that the host reaches.";

/** The state of one drawn object, or of what the topology has on the host, as the kernel has it now. `state`: what is applied, or null. Throws NOT_APPLIED. */
export async function inspectJob({ objectId }: VerifiedInspect, state: KernelState | null, reader: KernelReader): Promise<Inspection> {
  if (!state) throw notApplied();
  const { looks, counters, leftOut } = looksAt(state, objectId);
  if (looks.length === 0) throw new AppError("NOT_APPLIED", objectId === HOST_OBJECT_ID ? NOTHING_ON_HOST : NOTHING_THERE);
  const parts: InspectedPart[] = [];
  let room = ALL_CHARS_MAX;
  for (const look of looks.slice(0, PARTS_MAX)) {
    const text = await reader.text(look);
    const most = Math.max(0, Math.min(TEXT_CHARS_MAX, room));
    parts.push({ command: commandOf(look, reader.hostNetns), text: cutLines(text, most), cut: text.length > most });
    room -= Math.min(text.length, most);
  }
  const read = [...counters].map(([namespace, names]) => reader.counters(namespace, names));
  return { readAt: Date.now(), parts, leftOut, counters: sumOf(read) };
}

/** As a person types it. */
function commandOf(look: Look, hostNetns: string | null): string {
  const netns = look.namespace === HOST_NAMESPACE ? hostNetns : look.namespace;
  if (look.tool === "ip") return `ip ${netns === null ? "" : `-n ${netns} `}${look.args.join(" ")}`;
  return `${netns === null ? "" : `ip netns exec ${netns} `}nft ${look.script}`;
}

function cutLines(text: string, most: number): string {
  if (text.length <= most) return text;
  const whole = text.slice(0, most);
  return whole.slice(0, Math.max(0, whole.lastIndexOf("\n")));
}

/** One rule of a group counts in each of its members. */
function sumOf(all: readonly Inspection["counters"][]): Inspection["counters"] {
  const sums: Record<string, { packets: number; bytes: number }> = {};
  for (const counters of all) {
    for (const [name, { packets, bytes }] of Object.entries(counters)) {
      const sum = (sums[name] ??= { packets: 0, bytes: 0 });
      sum.packets += packets;
      sum.bytes += bytes;
    }
  }
  return sums;
}
