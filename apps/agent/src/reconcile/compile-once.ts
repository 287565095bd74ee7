import { compileTopology } from "@vpclab/shared/plan/compile";
import type { CompileContext } from "@vpclab/shared/plan/compile-context";
import type { KernelState } from "@vpclab/shared/plan/kernel-state";
import type { Topology } from "@vpclab/shared/topology/topology";

const compiled = new WeakMap<Topology, { readonly key: string; readonly state: KernelState }>();

/** `compileTopology`, whose last answer for a document is kept: looking for drift asks the same again every few seconds. */
export function compileOnce(document: Topology, context: CompileContext): KernelState {
  const key = JSON.stringify(context);
  const known = compiled.get(document);
  if (known?.key === key) return known.state;
  const state = compileTopology(document, context);
  compiled.set(document, { key, state });
  return state;
}
