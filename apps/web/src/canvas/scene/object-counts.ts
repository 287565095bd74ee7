import { kindWord } from "@vpclab/shared/topology/diff";
import { kindOfId } from "@vpclab/shared/topology/ids";
import { OBJECT_KINDS } from "@vpclab/shared/topology/topology";

/** `2 VPCs, 3 subnets and 1 peering connection` for a set of ids. */
export function countInWords(ids: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const id of ids) {
    const kind = kindOfId(id);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const parts = OBJECT_KINDS.flatMap((kind) => {
    const count = counts.get(kind);
    return count ? [`${count} ${kindWord(kind)}${count === 1 ? "" : "s"}`] : [];
  });
  const last = parts.pop();
  if (!last) return "nothing";
  return parts.length === 0 ? last : `${parts.join(", ")} and ${last}`;
}

/** `1 VPC`, `3 VPCs`. */
export const countOf = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;
