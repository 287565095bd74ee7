import type { Mutations, Queries } from "@vpclab/shared/wire/procedures";
import { expect, it } from "vitest";
import type { AppRouter } from "./app-router";
import { appRouter } from "./app-router";

type Declared = Queries & Mutations;
type Routes = AppRouter["_def"]["record"];
type Real<Path> = Path extends `${infer Noun extends keyof Routes & string}.${infer Verb}` ? (Verb extends keyof Routes[Noun] ? Routes[Noun][Verb] : never) : never;
/** True where what is declared for other programs is what the router takes and answers. */
type Agrees<Path extends keyof Declared> = Real<Path> extends { readonly _def: { readonly $types: { readonly input: infer Input; readonly output: infer Answer } } }
  ? [Declared[Path]["input"]] extends [Input]
    ? [Answer] extends [Declared[Path]["answer"]] ? true : "the answer differs"
    : "the input differs"
  : "there is no such procedure";
const AGREE: { readonly [Path in keyof Declared]: Agrees<Path> } = {
  "auth.me": true, "host.list": true, "topology.list": true, "topology.get": true, "activity.list": true, "activity.get": true,
  "topology.create": true, "topology.save": true, "topology.remove": true, "deployment.preview": true, "deployment.applyNewest": true,
  "deployment.teardown": true, "deployment.cancel": true, "deployment.safeApply": true, "probe.run": true, "probe.measure": true,
};

it("what other programs are told of the procedures is so", () => {
  const procedures = appRouter._def.procedures as unknown as { readonly [path: string]: unknown };
  for (const path of Object.keys(AGREE)) expect([path, procedures[path] !== undefined]).toEqual([path, true]);
});
