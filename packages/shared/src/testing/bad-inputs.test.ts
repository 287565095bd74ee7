import { describe, expect, it } from "vitest";
import { isError, type Issue } from "../errors/issue";
import { applyEdit } from "../topology/edit";
import { EditCommandSchema } from "../topology/edit-command";
import { issuesOfSchema } from "../topology/schema-issues";
import { parseTopology, validateTopology } from "../topology/validate";
import { LAB, type Attempt } from "./bad-input";
import { BAD_INPUTS } from "./bad-inputs";

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
/** Over a wire, as everybody else sends it. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What the attempt gives: refused with errors, or accepted with hints. `inCommand`: the command itself has no right shape. */
function answerTo(attempt: Attempt): { issues: Issue[]; inCommand: boolean } {
  if ("document" in attempt) {
    const parsed = parseTopology(sent(attempt.document));
    return { issues: parsed.ok ? validateTopology(parsed.value) : parsed.error, inCommand: false };
  }
  const command = EditCommandSchema.safeParse(sent(attempt.edit));
  if (!command.success) return { issues: issuesOfSchema(command.error), inCommand: true };
  const edited = applyEdit(LAB, command.data);
  return { issues: edited.ok ? validateTopology(edited.value.document) : edited.error, inCommand: false };
}

describe("bad inputs get one clear answer", () => {
  it.each(BAD_INPUTS.map((input) => [input.id, short(input.what), input] as const))("%s %s", (_id, _what, { attempt, expected }) => {
    const before = JSON.stringify(LAB);
    const { issues, inCommand } = answerTo(attempt);
    expect(JSON.stringify(LAB)).toBe(before);
    for (const issue of issues) {
      expect(issue.message).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
      expect(issue.message.length).toBeLessThan(400);
    }
    if (expected === null) return expect(issues.filter(isError)).toEqual([]);
    const path = (issue: Issue) => `${issue.severity} ${issue.code} ${issue.path.join(".")}`;
    const whole = `${expected.severity} ${expected.code} ${expected.path.join(".")}`;
    if (!inCommand) return expect(issues.map(path)).toContain(whole);
    // A command names the field below `set`, where a document has it below the object.
    const field = expected.path.slice(2).join(".");
    expect(issues.map((issue) => `${issue.severity} ${issue.code} ${issue.path.slice(issue.path.indexOf("set") + 1).join(".")}`)).toContain(`${expected.severity} ${expected.code} ${field}`);
  });

  it("there are many of them", () => {
    expect(BAD_INPUTS.length).toBeGreaterThan(350);
  });
});
