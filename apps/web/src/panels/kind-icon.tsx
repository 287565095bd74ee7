import type { ObjectKind } from "@vpclab/shared/topology/topology";
import clsx from "clsx";
import { Cable, Cloud, DoorOpen, Globe, ListFilter, Lock, MapPin, Server, ShieldCheck, Shuffle, Split } from "lucide-react";
import type { LucideIcon } from "lucide-react";

const SIGNS: Readonly<Record<Exclude<ObjectKind, "subnet">, readonly [LucideIcon, string]>> = {
  vpc: [Cloud, "text-muted"], instance: [Server, "text-muted"], "internet-gateway": [DoorOpen, "text-public"], "nat-gateway": [Shuffle, "text-accent"],
  "elastic-ip": [MapPin, "text-public"], "route-table": [Split, "text-muted"], "security-group": [ShieldCheck, "text-muted"],
  "network-acl": [ListFilter, "text-muted"], peering: [Cable, "text-accent"],
};

/** The sign of a kind of object, the same wherever it is listed; a subnet's says whether it is public. */
export function KindIcon({ kind, isPublic = false }: { readonly kind: ObjectKind; readonly isPublic?: boolean }) {
  const [Sign, tone] = kind === "subnet" ? (isPublic ? ([Globe, "text-public"] as const) : ([Lock, "text-private"] as const)) : SIGNS[kind];
  return <Sign className={clsx("size-4 shrink-0", tone)} aria-hidden />;
}
