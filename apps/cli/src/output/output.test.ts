import { describe, expect, it } from "vitest";
import { Output, type OutputOptions } from "./output";
import { printError } from "./print-error";
import { tableLines } from "./table";
import { escapeControls, renderText, styled, widthOf } from "./text";

function open(options: Partial<OutputOptions>, isTTY = false) {
  const written = { out: "", err: "" };
  const out = new Output({ write: (text) => (written.out += text), isTTY }, { write: (text) => (written.err += text), isTTY, columns: 20 }, {
    json: false, quiet: false, verbose: false, color: true, ...options,
  });
  return { out, written };
}

describe("text from data", () => {
  it.each([
    ["\x1b[2Jgone", "\\x1b[2Jgone"], ["a\nb", "a\\x0ab"], ["bell\x07", "bell\\x07"], ["\x9b31m", "\\x9b31m"], ["\u202Edorp", "\\u{202e}dorp"], ["\u2028", "\\u{2028}"],
    ["prod “web” → ä 東", "prod “web” → ä 東"],
  ])("%j cannot write to the screen", (raw, shown) => expect(escapeControls(raw)).toBe(shown));

  it("is coloured only where wanted, and escaped inside the colour", () => {
    expect(renderText(["a ", styled("red", "\x1b[0mb")], true)).toBe("a \x1b[31m\\x1b[0mb\x1b[39m");
    expect(renderText(["a ", styled("red", "b")], false)).toBe("a b");
  });

  it.each([["abc", 3], ["東京", 4], ["e\u0301", 1], ["🙂", 2], ["\x1b", 4]])("%j takes %i columns", (text, width) => expect(widthOf(text)).toBe(width));
});

describe("tables", () => {
  it("are aligned by display width, with nothing at the ends of lines", () => {
    const lines = tableLines([{ title: "NAME" }, { title: "N", align: "right" }, { title: "X" }], [["東", "7", ""], ["longer", "12", styled("green", "yes")]], false);
    expect(lines).toEqual(["NAME     N  X", "東       7", "longer  12  yes"]);
  });
});

describe("output", () => {
  it("with --json is the JSON alone", () => {
    const { out, written } = open({ json: true });
    out.line("text");
    out.done("done");
    out.table([{ title: "A" }], [["b"]]);
    out.progress.update("working", ["step"]);
    out.value({ a: 1 });
    expect(JSON.parse(written.out)).toEqual({ a: 1 });
    expect(written.err).toBe("");
  });

  it("with --quiet is answers and problems alone", () => {
    const { out, written } = open({ quiet: true });
    out.line("answer");
    out.done("done");
    out.note("remark");
    out.progress.update("working", ["step"]);
    out.problem("bad");
    expect(written).toEqual({ out: "answer\n", err: "bad\n" });
  });

  it("has no colours in a pipe, with NO_COLOR and with --no-color", () => {
    const pipe = open({});
    pipe.out.line(styled("red", "x"));
    const plain = open({ color: false }, true);
    plain.out.line(styled("red", "x"));
    expect(pipe.written.out + plain.written.out).toBe("x\nx\n");
    const terminal = open({}, true);
    terminal.out.line(styled("red", "x"));
    expect(terminal.written.out).toBe("\x1b[31mx\x1b[39m\n");
  });
});

describe("progress", () => {
  it("is one line on a terminal, never wider than it, and gone before anything else", () => {
    const { out, written } = open({}, true);
    out.progress.update("1 of 3 objects in place, and more words");
    out.progress.update("2 of 3", ["a step"]);
    out.problem("bad");
    expect(written.err).toBe("\r1 of 3 objects in p\x1b[K\r2 of 3\x1b[K\r\x1b[Kbad\n");
  });

  it("is a line for each step in a pipe", () => {
    const { out, written } = open({});
    out.progress.update("1 of 3");
    out.progress.update("2 of 3", ["vpc-1 failed"]);
    expect(written.err).toBe("vpc-1 failed\n");
  });
});

describe("errors", () => {
  const issues = [
    { severity: "error" as const, code: "CIDR_OVERLAP" as const, path: ["subnets", 2, "cidr"], message: "Overlaps.", position: { file: "lab.yaml", line: 7, column: 11 } },
    { severity: "error" as const, code: "NAME_GRAMMAR" as const, path: [], message: "Bad name." },
  ];

  it("name code, path and place in the file", () => {
    const { out, written } = open({});
    printError({ code: "CIDR_OVERLAP", message: "Overlaps. (and 1 more)", issues, hint: "See there" }, out);
    expect(written.err.split("\n")).toEqual([
      "vpcctl: CIDR_OVERLAP: Overlaps. (and 1 more)", "  lab.yaml:7:11: subnets[2].cidr: CIDR_OVERLAP: Overlaps.", "  NAME_GRAMMAR: Bad name.", "See there", "",
    ]);
    expect(written.out).toBe("");
  });

  it("are JSON on standard error with --json", () => {
    const { out, written } = open({ json: true });
    printError({ code: "CIDR_OVERLAP", message: "Overlaps.", issues }, out);
    expect(JSON.parse(written.err)).toMatchObject({ error: { code: "CIDR_OVERLAP", issues: [{ file: "lab.yaml", line: 7, column: 11 }, {}] } });
    expect(written.out).toBe("");
  });
});
