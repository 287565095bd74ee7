import { kindWord } from "@vpclab/shared/topology/diff";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import clsx from "clsx";
import { Cable, Cloud, DoorOpen, Globe, HardDrive, ListFilter, Lock, MapPin, Server, ShieldCheck, Shuffle, Split } from "lucide-react";
import type { LucideIcon } from "lucide-react";

/** What is listed: kinds of drawn objects, and the host. */
export type ListedKind = ObjectKind | "host";
export const listedKindWord = (kind: ListedKind): string => (kind === "host" ? "host" : kindWord(kind));

const SIGNS: Readonly<Record<Exclude<ListedKind, "subnet">, readonly [LucideIcon, string]>> = {
  vpc: [Cloud, "text-muted"], instance: [Server, "text-muted"], "internet-gateway": [DoorOpen, "text-public"], "nat-gateway": [Shuffle, "text-accent"],
  "elastic-ip": [MapPin, "text-public"], "route-table": [Split, "text-muted"], "security-group": [ShieldCheck, "text-muted"],
  "network-acl": [ListFilter, "text-muted"], peering: [Cable, "text-accent"], host: [HardDrive, "text-muted"],
};

/** The sign of a kind of object, the same wherever it is listed; a subnet's says whether it is public. */
export function KindIcon({ kind, isPublic = false }: { readonly kind: ListedKind; readonly isPublic?: boolean }) {
  const [Sign, tone] = kind === "subnet" ? (isPublic ? ([Globe, "text-public"] as const) : ([Lock, "text-private"] as const)) : SIGNS[kind];
  return <Sign className={clsx("size-4 shrink-0", tone)} aria-hidden />;
}
