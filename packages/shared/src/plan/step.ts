import type { Adoption } from "./adoption";
import type { NftChain, NftRule, NftSet, NftTable, NftValue, Owner, WorkloadProcess } from "./kernel-state";

/**
 * One change of the kernel. Steps are values: printable, comparable, shown before they run. Each is idempotent in effect
 * and names the object it is done for. `render.ts` turns a step into the command that a person would type; the agent runs
 * exactly those, batched.
 */
export type Step = { readonly owner: Owner; readonly namespace: string } & StepAction;

export type StepAction =
  | { readonly action: "netns-add" }
  /** Ends every process in the namespace, then deletes it. */
  | { readonly action: "netns-delete" }
  | { readonly action: "mark"; readonly mark: string }
  | { readonly action: "sysctl-set"; readonly key: string; readonly value: string }
  | { readonly action: "bridge-add"; readonly name: string; readonly mac: string }
  | {
      readonly action: "veth-add"; readonly name: string; readonly mac: string;
      readonly peer: { readonly namespace: string; readonly name: string; readonly mac: string };
    }
  | { readonly action: "link-delete"; readonly name: string }
  | { readonly action: "link-alias"; readonly name: string; readonly alias: string }
  | { readonly action: "link-mac"; readonly name: string; readonly mac: string }
  | { readonly action: "link-master"; readonly name: string; readonly master: string | null }
  | { readonly action: "link-mtu"; readonly name: string; readonly mtu: number }
  | { readonly action: "link-up"; readonly name: string }
  /** `link` may be `lo`: an address that somebody put there. */
  | { readonly action: "address-add"; readonly link: string; readonly address: string }
  | { readonly action: "address-delete"; readonly link: string; readonly address: string }
  | {
      readonly action: "route-replace"; readonly type: "unicast" | "blackhole"; readonly destination: string;
      readonly table: string; readonly via: string | null; readonly dev: string | null; readonly protocol: number;
    }
  | {
      readonly action: "route-delete"; readonly type: string; readonly destination: string; readonly table: string;
      readonly via: string | null; readonly dev: string | null; readonly protocol: number;
    }
  | { readonly action: "rule-add" | "rule-delete"; readonly priority: number; readonly iif: string; readonly table: string }
  /** The whole table, in place of whatever is there. */
  | { readonly action: "nft-replace"; readonly table: NftTable }
  /** Only what differs, in one transaction, in this order. */
  | { readonly action: "nft-change"; readonly changes: readonly NftChange[] }
  /** `table` is `<family> <name>`: ours is `inet vpclab`; any other is one that somebody made in a namespace of ours. */
  | { readonly action: "nft-delete"; readonly table: string }
  | { readonly action: "workload-start"; readonly workload: WorkloadProcess }
  | { readonly action: "workload-stop"; readonly pid: number; readonly kind: string; readonly port: number }
  /** /etc/netns/<namespace>/resolv.conf, where nothing of somebody else stands. */
  | { readonly action: "resolv-conf-write"; readonly text: string }
  /** Only where it is ours. */
  | { readonly action: "resolv-conf-delete" };

/** One line (or chain) of an nftables transaction on our table. */
export type NftChange =
  | { readonly change: "add-counter" | "delete-counter"; readonly name: string }
  | { readonly change: "add-set"; readonly set: NftSet }
  | { readonly change: "delete-set"; readonly name: string }
  | { readonly change: "add-elements" | "delete-elements"; readonly set: string; readonly elements: readonly NftValue[] }
  /** With its rules; chains that it jumps to were added before. Another hook, priority or policy needs the whole table anew. */
  | { readonly change: "add-chain"; readonly chain: NftChain }
  /** Nothing jumps to it any more, and it has no rules. */
  | { readonly change: "delete-chain"; readonly name: string }
  /** Flush and write anew (no rules: only flush); the chain's hook and policy stay. */
  | { readonly change: "rewrite-rules"; readonly chain: string; readonly rules: readonly NftRule[] };

/** What a step does to its object, for the plan's +, ~ and −. */
export type ChangeKind = "create" | "change" | "remove";

/** One object's part of a plan as the page shows it. */
export interface PlannedChange {
  readonly objectId: string;
  readonly kind: ChangeKind;
  /** Name as in the drawing, e.g. `vpc1-public`. */
  readonly name: string;
  /** A plain sentence: what happens. */
  readonly sentence: string;
  /** The Linux commands in the order they run, as a person would type them. */
  readonly commands: readonly string[];
}

export interface PlanPreview {
  readonly changes: readonly PlannedChange[];
  readonly steps: number;
  /** `observed`: against the kernel as it is; `last-applied`: the agent is away, compared with what was applied last. */
  readonly basis: "observed" | "last-applied";
  /** What was changed by hand and could be drawn, where the plan is for the very document that is applied. */
  readonly adoptions?: readonly Adoption[];
}
