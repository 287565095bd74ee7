import type { FieldPath, Issue } from "../errors/issue";
import type { Topology } from "./topology";

/** Text for people, which never reaches the kernel. */
const CODE_POINTS_MAX = 64;
const BYTES_MAX = 256;

/** Control, direction, invisible and unpaired characters; the two joiners belong to words of some languages. */
const FORBIDDEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function validateTexts(doc: Topology): Issue[] {
  return [
    ...doc.securityGroups.flatMap((group, i) => [
      ...validateText(group.description, ["securityGroups", i, "description"], group.id),
      ...group.rules.flatMap((rule, j) => validateText(rule.description, ["securityGroups", i, "rules", j, "description"], group.id)),
    ]),
    ...doc.subnets.flatMap(({ id, firewall }, i) =>
      (firewall?.rules ?? []).flatMap((rule, j) => validateText(rule.description, ["subnets", i, "firewall", "rules", j, "description"], id))),
  ];
}

/** One line of text, at most 64 characters and 256 bytes of UTF-8, as it would be written (NFC), nothing invisible in it. */
export function validateText(text: string, path: FieldPath, objectId?: string): Issue[] {
  if (text === "") return [];
  const at = { severity: "error", path, objectId } as const;
  if (FORBIDDEN.test(text)) {
    return [{ ...at, code: "TEXT_CONTROL", message: "There are control or invisible characters in it; write it as one line of plain text." }];
  }
  if (text.normalize("NFC") !== text) {
    return [{ ...at, code: "TEXT_CONTROL", message: "There are letters in it that are put together of several; write it anew with whole letters (Unicode NFC)." }];
  }
  const codePoints = [...text].length;
  const bytes = new TextEncoder().encode(text).length;
  if (codePoints <= CODE_POINTS_MAX && bytes <= BYTES_MAX) return [];
  return [{ ...at, code: "NAME_LENGTH", message: `A description has at most ${CODE_POINTS_MAX} characters (${BYTES_MAX} bytes); this one has ${codePoints} (${bytes}).` }];
}
