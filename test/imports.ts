import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** One import statement, type-only and dynamic ones included. Paths are relative to the root of the repository. */
export interface Import {
  readonly from: string;
  /** As written: `./cidr`, `@vpclab/shared/net/cidr`, `node:fs`. */
  readonly specifier: string;
  /** File it leads to inside the repository; null for a package from npm or Node. */
  readonly to: string | null;
  /** `import type` and `export type`: gone before anything runs. */
  readonly typeOnly: boolean;
}

const GENERATED = new Set(["node_modules", ".next", "dist", "generated", "test-results", "playwright-report"]);

/** Every TypeScript file below a folder of the repository. */
export function sourceFiles(folder: string): string[] {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = join(folder, entry.name);
    if (entry.isDirectory()) return GENERATED.has(entry.name) ? [] : sourceFiles(inner);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts") ? [inner] : [];
  });
}

/** The imports of one file, read from its syntax, so that comments and strings do not count. */
export function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const types = typeImports(file, text);
  const info = ts.preProcessFile(text, true, true);
  return info.importedFiles.map(({ fileName: specifier, pos }) => ({
    from: file, specifier, to: resolveImport(file, specifier), typeOnly: types.some((range) => pos >= range.pos && pos < range.end),
  }));
}

/** Where the type-only statements of a file lie. */
function typeImports(file: string, text: string): readonly ts.TextRange[] {
  const kind = file.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false, kind).statements.filter((statement) =>
    (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
    (ts.isExportDeclaration(statement) && statement.isTypeOnly));
}

/** Where our own specifiers lead: relative ones, the shared package, and the web application's `@/` alias. */
function resolveImport(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return onDisk(relative(ROOT, resolve(ROOT, dirname(from), specifier)));
  if (specifier.startsWith("@vpclab/shared/")) return onDisk(join("packages/shared/src", specifier.slice("@vpclab/shared/".length)));
  if (specifier.startsWith("@vpclab/")) return join("apps", specifier.slice("@vpclab/".length));
  if (specifier.startsWith("@/") && from.startsWith("apps/web/")) return onDisk(join("apps/web/src", specifier.slice(2)));
  return null;
}

const onDisk = (path: string): string =>
  [".ts", ".tsx", "/index.ts", "/index.tsx", ""].map((suffix) => path + suffix).find((name) => existsSync(join(ROOT, name))) ?? path;

/** A ring of imports among these files as a readable line, or null when there is none. */
export function findCycle(imports: readonly Import[]): string | null {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) if (to !== null) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return null;
    path.push(file);
    for (const target of next.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle !== null) return cycle;
    }
    path.pop();
    done.add(file);
    return null;
  };
  for (const file of next.keys()) {
    const cycle = visit(file);
    if (cycle !== null) return cycle;
  }
  return null;
}
