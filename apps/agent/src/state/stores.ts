import type { Cidr } from "@vpclab/shared/net/cidr";
import { AuditWitness } from "./audit-witness";
import { FenceStore } from "./fence-store";
import { HostRecordStore } from "./host-record";
import { JobStore } from "./job-store";
import { JoinSequence } from "./join-sequence";
import { NamespaceLedger } from "./namespace-ledger";
import { PublicAddressStore } from "./public-address-store";
import { SlotStore } from "./slot-store";

/** Everything the agent remembers besides who it is. */
export interface Stores {
  readonly fence: FenceStore;
  readonly jobs: JobStore;
  readonly ledger: NamespaceLedger;
  readonly slots: SlotStore;
  readonly publicAddresses: PublicAddressStore;
  readonly hostRecord: HostRecordStore;
  readonly join: JoinSequence;
  readonly auditWitness: AuditWitness;
}

/**
 * Throws when a file is damaged in both copies: starting without what was promised would be worse than not starting.
 * `publicPool`: what the host has to give, null for none.
 */
export async function openStores(stateDir: string, publicPool: Cidr | null): Promise<Stores> {
  return {
    fence: await FenceStore.open(stateDir),
    jobs: new JobStore(stateDir),
    ledger: await NamespaceLedger.open(stateDir),
    slots: await SlotStore.open(stateDir),
    publicAddresses: await PublicAddressStore.open(stateDir, publicPool),
    hostRecord: await HostRecordStore.open(stateDir),
    join: await JoinSequence.open(stateDir),
    auditWitness: await AuditWitness.open(stateDir),
  };
}
