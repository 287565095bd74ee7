import { describe, expect, it } from "vitest";
import type { Attempt, BadInput } from "@vpclab/shared/testing/bad-input";
import { LAB } from "@vpclab/shared/testing/bad-input";
import { BAD_INPUTS } from "@vpclab/shared/testing/bad-inputs";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { COLLECTION } from "@vpclab/shared/topology/topology";
import { applyJob, context, sealed } from "../../test/link/job-fixture";
import { PolicySchema } from "../policy/policy";
import { verifyJob } from "./verify-job";

/**
 * The same bad topologies that the page, the API and an import are asked with, signed by the server: a server that was taken
 * over has the key, so nothing that it signs may get further than a document of a person would.
 */
type Fields = Record<string, unknown> & { readonly id: string };
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/** The document that an edit would make if nobody judged it; undefined where it is about deletion, or is no edit at all. */
function documentOf(attempt: Attempt): unknown {
  if ("document" in attempt) return attempt.document;
  const document = structuredClone(LAB) as unknown as Record<string, Fields[]>;
  const command = attempt.edit as { op?: unknown; commands?: unknown[] } | null;
  for (const single of (command?.op === "batch" ? command.commands ?? [] : [command]) as ({ kind?: ObjectKind; op?: unknown; object?: Fields; id?: string; set?: object } | null)[]) {
    const list = single?.kind && document[COLLECTION[single.kind]];
    const target = list?.find(({ id }) => id === single?.id);
    if (single?.op === "create" && list && single.object) list.push(single.object);
    else if (single?.op === "update" && target) Object.assign(target, single.set);
    else return undefined;
  }
  return document;
}

/** This host would take any range: what is judged here is the document. */
const policy = { rules: PolicySchema.parse({ allowCidrs: ["0.0.0.0/0"] }), source: "a test" };
const verdictOn = (desired: unknown) => verifyJob(sealed({ ...applyJob(), desired }), context({ policy }));
/** What the decoder of signed bytes refuses before any rule sees it. */
const DECODER: readonly string[] = ["JSON_SYNTAX", "JSON_LIMIT", "TOO_LARGE", "SCHEMA"];

const asked = BAD_INPUTS.flatMap((input) => {
  const desired = documentOf(input.attempt);
  return desired === undefined || desired === null ? [] : [[input.id, short(input.what), input, desired] as const];
});

describe("a bad topology that is signed", () => {
  const refused = asked.filter(([, , { expected }]) => expected?.severity === "error");
  it.each(refused)("%s %s: is refused with the code and the field that a person gets", (_id, _what, { expected }: BadInput, desired) => {
    const verdict = verdictOn(desired);
    if (verdict.ok || !expected) throw new Error("it was accepted");
    const { code, issues = [] } = verdict.error;
    if (DECODER.includes(code)) return expect([...DECODER, expected.code]).toContain(code);
    expect(issues.map((issue) => `${issue.code} ${issue.path.join(".")}`)).toContain(`${expected.code} ${expected.path.join(".")}`);
  });

  it("there are many of them, and the decoder alone stops few", () => {
    const decoded = refused.filter(([, , , desired]) => { const verdict = verdictOn(desired); return !verdict.ok && !DECODER.includes(verdict.error.code); });
    expect(refused.length).toBeGreaterThan(250);
    expect(decoded.length).toBeGreaterThan(refused.length * 0.6);
  });
});
