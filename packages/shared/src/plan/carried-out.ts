import type { Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { CompileContext } from "./compile-context";
import type { NamespaceState, NftTable } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { concernedChains } from "./looks-at";
import { tableText } from "./render-nft";

/** The part of one namespace's rules that is there for an object of another. */
export interface CarriedOut {
  readonly command: string;
  /** So many more namespaces hold the same. */
  readonly alsoIn: number;
}

/** Groups, ACLs, addresses and firewalls have no namespace: others carry out their rules. null: nothing of it is in any. */
export function carriedOut(doc: Topology, context: CompileContext, objectId: string): CarriedOut | null {
  const states = Object.values(compileTopology(doc, context)).filter(({ name, owner }) => name !== HOST_NAMESPACE && owner.objectId !== objectId);
  const parts = states.flatMap((state) => {
    const table = partOf(state, objectId);
    return table ? [`ip netns exec ${state.name} nft -f - <<'EOF'\n${tableText(table)}\nEOF`] : [];
  });
  const [command] = parts;
  return command === undefined ? null : { command, alsoIn: parts.length - 1 };
}

/** Chains of its own whole, of others' only the rules that are there for it; and what those refer to. */
function partOf(state: NamespaceState, objectId: string): NftTable | null {
  const chains = concernedChains(state, [objectId]).map((chain) => (chain.rules.some(({ comment }) => comment !== objectId) && chain.type !== null
    ? { ...chain, rules: chain.rules.filter(({ comment }) => comment === objectId) } : chain));
  if (!state.nft || chains.length === 0) return null;
  const text = JSON.stringify(chains);
  return {
    name: state.nft.name, counters: state.nft.counters.filter((name) => text.includes(`"${name}"`)),
    sets: state.nft.sets.filter(({ name }) => text.includes(`@${name}"`)), chains,
  };
}
