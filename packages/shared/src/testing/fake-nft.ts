import type { NftChain, NftExpression, NftRule, NftSet, NftTable, NftVerdict, SeenNftTable } from "../plan/kernel-state";
import { elementsBeside } from "../plan/same-nft";
import type { NftChange } from "../plan/step";

/**
 * Our nftables table in memory, as strict as the kernel: names must be there before rules name them, and nothing that is
 * named can go. A transaction is all or nothing: a text is the reason why it was refused.
 */
export function replaceTable(table: NftTable): SeenNftTable | string {
  const draft = new Draft({ counters: [], sets: [], chains: [], foreignObjects: 0 });
  for (const name of table.counters) draft.addCounter(name);
  for (const set of table.sets) draft.addSet(set);
  // Inside one block nft resolves names whatever their order.
  for (const chain of table.chains) draft.addChain({ ...chain, rules: [] });
  for (const chain of table.chains) draft.writeRules(chain.name, chain.rules);
  return draft.result();
}

export function changeTable(table: SeenNftTable, changes: readonly NftChange[]): SeenNftTable | string {
  const draft = new Draft(table);
  for (const change of changes) draft.run(change);
  return draft.result();
}

class Draft {
  private readonly counters: Set<string>;
  private readonly sets: Map<string, NftSet>;
  private readonly chains: Map<string, SeenNftTable["chains"][number]>;
  private refused: string | null = null;

  constructor(private readonly table: SeenNftTable) {
    this.counters = new Set(table.counters);
    this.sets = new Map(table.sets.map((set) => [set.name, set]));
    this.chains = new Map(table.chains.map((chain) => [chain.name, chain]));
  }

  result(): SeenNftTable | string {
    if (this.refused !== null) return this.refused;
    return structuredClone({ ...this.table, counters: [...this.counters], sets: [...this.sets.values()], chains: [...this.chains.values()] });
  }

  run(change: NftChange): void {
    switch (change.change) {
      case "add-counter": this.addCounter(change.name); break;
      case "delete-counter": this.remove(this.counters, change.name, `counter ${change.name}`); break;
      case "add-set": this.addSet(change.set); break;
      case "delete-set": this.remove(this.sets, change.name, `@${change.name}`); break;
      case "add-elements": this.changeElements(change.set, (set) =>
        elementsBeside(change.elements, set.elements).length < change.elements.length ? "File exists" : [...set.elements, ...change.elements]); break;
      case "delete-elements": this.changeElements(change.set, (set) =>
        elementsBeside(change.elements, set.elements).length > 0 ? "No such file or directory" : elementsBeside(set.elements, change.elements)); break;
      case "add-chain": this.addChain({ ...change.chain, rules: [] }); this.writeRules(change.chain.name, change.chain.rules); break;
      case "delete-chain": this.deleteChain(change.name); break;
      case "rewrite-rules": this.writeRules(change.chain, change.rules); break;
    }
  }

  addCounter(name: string): void {
    this.check(!this.counters.has(name), "File exists");
    this.counters.add(name);
  }

  addSet(set: NftSet): void {
    this.check(!this.sets.has(set.name), "File exists");
    this.sets.set(set.name, set);
  }

  addChain(chain: NftChain): void {
    this.check(!this.chains.has(chain.name), "File exists");
    this.chains.set(chain.name, chain);
  }

  writeRules(name: string, rules: readonly NftRule[]): void {
    const chain = this.chains.get(name);
    if (!chain) return this.refuse("No such file or directory");
    for (const named of rules.flatMap(namesIn)) this.check(this.has(named), `No such file or directory: ${named}`);
    this.chains.set(name, { ...chain, rules });
  }

  private deleteChain(name: string): void {
    this.check(this.chains.get(name)?.rules.length === 0, "the chain is not there, or not empty");
    this.remove(this.chains, name, `chain ${name}`);
  }

  private changeElements(name: string, change: (set: NftSet) => NftSet["elements"] | string): void {
    const set = this.sets.get(name);
    const elements = set ? change(set) : "No such file or directory";
    if (!set || typeof elements === "string") return this.refuse(String(elements));
    this.sets.set(name, { ...set, elements });
  }

  private remove(from: { delete(name: string): boolean }, name: string, reference: string): void {
    const named = [...this.chains.values()].some((chain) => chain.rules.some((rule) => !("foreign" in rule) && namesIn(rule).includes(reference)));
    this.check(!named, `Device or resource busy: ${reference}`);
    this.check(from.delete(name), "No such file or directory");
  }

  private has(reference: string): boolean {
    if (reference.startsWith("@")) return this.sets.has(reference.slice(1));
    const [kind, name = ""] = reference.split(" ");
    return kind === "counter" ? this.counters.has(name) : this.chains.has(name);
  }

  private check(holds: boolean, reason: string): void {
    if (!holds) this.refuse(reason);
  }

  private refuse(reason: string): void {
    this.refused ??= reason;
  }
}

/** What a rule names: `@set`, `counter c`, `chain c`. */
const namesIn = (rule: NftRule): string[] => rule.expressions.flatMap(namesInExpression);

function namesInExpression(expression: NftExpression): string[] {
  if ("match" in expression) {
    const { right } = expression.match;
    return typeof right === "string" && right.startsWith("@") ? [right] : [];
  }
  if ("counter" in expression) return expression.counter === null ? [] : [`counter ${expression.counter}`];
  if ("vmap" in expression) return expression.vmap.data.set.flatMap(([, verdict]) => targetOf(verdict));
  return "jump" in expression || "goto" in expression ? targetOf(expression) : [];
}

function targetOf(verdict: NftVerdict): string[] {
  if ("jump" in verdict) return [`chain ${verdict.jump.target}`];
  return "goto" in verdict ? [`chain ${verdict.goto.target}`] : [];
}
