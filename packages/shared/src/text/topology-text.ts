import { type CreateNodeOptions, Document, type DocumentOptions, type SchemaOptions, type ToStringOptions } from "yaml";

/** `compat` puts in quotes what an older YAML reader would take for a boolean, a time or an octal number: no, 22:22, 010. */
const WRITE_OPTIONS: CreateNodeOptions & DocumentOptions & SchemaOptions & ToStringOptions =
  { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false, flowCollectionPadding: false };

/** The plain values of a topology file as YAML. */
export const yamlText = (value: unknown): string => new Document(value, WRITE_OPTIONS).toString(WRITE_OPTIONS);

/** A changed document as text, with the indentation and the spaces in brackets that its text had. */
export function documentText(document: Document, before: string): string {
  const indent = /\n( +)[^\s#-]/.exec(before)?.[1]?.length ?? 2;
  return document.toString({ ...WRITE_OPTIONS, flowCollectionPadding: /[[{] \S/.test(before), indentSeq: !/:[ \t]*\n- /.test(before), indent: Math.min(indent, 8) });
}

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
