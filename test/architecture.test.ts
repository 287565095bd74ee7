import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCycle, type Import, importsOf, ROOT, sourceFiles } from "./imports";

/**
 * The arrows between folders. Each row: a folder, and what its files may import beside their own folder (and, in the apps,
 * the shared package). Tests may import what they like of their own package.
 */
const SHARED = "packages/shared/src";
const AGENT = "apps/agent/src";
const WEB = "apps/web/src";
const CANVAS = `${WEB}/canvas`;
const CLI = "apps/cli/src";
const SERVER = `${WEB}/server`;
/** The one thing that pages know of the server: the type of its procedures. */
const APP_ROUTER = `${SERVER}/routers/app-router.ts`;

const folders = (base: string, names: string) => names.split(" ").filter(Boolean).map((name) => `${base}/${name}`);

const ARROWS: Record<string, readonly string[]> = {
  // errors, net ← topology ← analysis, copy, file, plan, hints ← wire; file ← templates ← wire; file ← text ← policy
  [`${SHARED}/errors`]: [],
  [`${SHARED}/net`]: folders(SHARED, "errors"),
  [`${SHARED}/topology`]: folders(SHARED, "errors net"),
  [`${SHARED}/file`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/copy`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/text`]: folders(SHARED, "errors topology file"),
  [`${SHARED}/policy`]: folders(SHARED, "errors net topology file text"),
  [`${SHARED}/terraform`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/hints`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/templates`]: folders(SHARED, "errors net topology file"),
  [`${SHARED}/analysis`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/plan`]: folders(SHARED, "errors net topology"),
  [`${SHARED}/wire`]: folders(SHARED, "errors net topology analysis plan templates"),
  [`${SHARED}/testing`]: folders(SHARED, "errors net topology analysis file templates plan wire"),

  // host ← kernel ← reconcile ← main; the kernel's port for workloads is filled in by workloads
  [`${AGENT}/host`]: [],
  [`${AGENT}/policy`]: folders(AGENT, "host"),
  [`${AGENT}/kernel`]: folders(AGENT, "host"),
  [`${AGENT}/workloads`]: folders(AGENT, "host kernel"),
  [`${AGENT}/sandbox`]: folders(AGENT, "host kernel workloads"),
  [`${AGENT}/probes`]: folders(AGENT, "host kernel"),
  [`${AGENT}/report`]: folders(AGENT, "host kernel"),
  [`${AGENT}/state`]: folders(AGENT, "host link"),
  [`${AGENT}/link`]: folders(AGENT, "host policy report state"),
  [`${AGENT}/reconcile`]: folders(AGENT, "kernel link probes report state"),
  [`${AGENT}/enrol`]: folders(AGENT, "host link state"),
  [`${AGENT}/doctor`]: folders(AGENT, "host"),
  // root on this host, by the same way as a server's jobs
  [`${AGENT}/local`]: folders(AGENT, "engine.ts link reconcile report"),
  // composition, one file per command of the command line
  [`${AGENT}/commands`]: [
    ...folders(AGENT, "agent.ts engine.ts env.ts local doctor enrol host kernel link policy probes reconcile report sandbox state workloads"), "apps/agent/package.json",
  ],

  // store ← services ← routers | agents ← http
  [`${SERVER}/store`]: [`${WEB}/generated`],
  [`${SERVER}/signing`]: [],
  [`${SERVER}/bus`]: [],
  [`${SERVER}/services`]: folders(SERVER, "store bus signing"),
  [`${SERVER}/routers`]: [...folders(SERVER, "services"), ...folders(SERVER, "trpc.ts trpc-errors.ts")],
  [`${SERVER}/agents`]: folders(SERVER, "services signing"),
  [`${SERVER}/http`]: [...folders(SERVER, "routers services"), ...folders(SERVER, "audited-call.ts trpc.ts trpc-errors.ts store/socket-path.ts store/opener-lock.ts")],

  // the pages
  [`${WEB}/ui`]: [],
  [`${WEB}/trpc`]: [APP_ROUTER],
  // scene ← gestures ← state ← nodes, edges, overlays, hooks ← canvas.tsx
  [`${WEB}/canvas`]: [`${WEB}/ui`],
  [`${CANVAS}/scene`]: [],
  [`${CANVAS}/gestures`]: folders(CANVAS, "scene"),
  [`${CANVAS}/state`]: [...folders(CANVAS, "gestures scene"), `${WEB}/ui`],
  [`${CANVAS}/nodes`]: [...folders(CANVAS, "gestures scene state"), `${WEB}/ui`],
  [`${CANVAS}/edges`]: [...folders(CANVAS, "nodes scene state"), `${WEB}/ui`],
  [`${CANVAS}/overlays`]: [...folders(CANVAS, "gestures nodes scene state"), `${WEB}/ui`],
  [`${CANVAS}/hooks`]: [...folders(CANVAS, "gestures scene state"), `${WEB}/ui`],
  [`${WEB}/panels`]: [...folders(WEB, "ui canvas trpc"), APP_ROUTER],
  [`${WEB}/app`]: folders(WEB, "ui canvas panels trpc"),

  // lab (port) ← local | server, edits, file ← commands | older ← program
  [`${CLI}/lab`]: [],
  [`${CLI}/output`]: folders(CLI, "lab"),
  [`${CLI}/edits`]: [],
  [`${CLI}/views`]: folders(CLI, "edits lab output"),
  [`${CLI}/file`]: [],
  [`${CLI}/local`]: folders(CLI, "lab run-inside.ts"),
  [`${CLI}/server`]: folders(CLI, "lab"),
  // what a command is called and takes, then what it does, which is loaded when it is called
  [`${CLI}/commands`]: folders(CLI, "actions command-spec.ts"),
  [`${CLI}/actions`]: [
    ...folders(CLI, "edits file lab local output server views command-spec.ts env.ts exit-code.ts global-options.ts given.ts"),
    ...folders(CLI, "choose-lab.ts complete-words.ts confirm.ts run-edit.ts run-inside.ts session.ts usage-error.ts"), "apps/cli/package.json",
  ],
  [`${CLI}/older`]: folders(CLI, "actions commands edits file lab output command-spec.ts exit-code.ts given.ts run-edit.ts session.ts usage-error.ts"),
};

/** Packages from npm or Node that only the named places may import. */
const RESERVED: readonly { what: string; specifier: RegExp; only: readonly string[] }[] = [
  {
    what: "starting processes",
    specifier: /^(node:)?child_process$|^execa$/,
    // The embedded database is a part of the server that must not share its process.
    // `vpcctl exec` starts what a person names, inside an instance.
    only: [`${AGENT}/host`, `${SERVER}/store/embedded-database.ts`, `${CLI}/run-inside.ts`],
  },
  { what: "calling foreign functions", specifier: /^koffi$/, only: [`${AGENT}/host/libc.ts`] },
  { what: "the database", specifier: /^@prisma\/|^pg$|^@electric-sql\//, only: [`${SERVER}/store`, `${WEB}/generated`] },
  { what: "YAML", specifier: /^yaml$/, only: [`${SHARED}/text`] },
  { what: "React", specifier: /^react(-dom)?($|\/)|^@xyflow\//, only: folders(WEB, "app canvas panels ui trpc") },
];

const isTest = (file: string) => /\.test\.tsx?$/.test(file) || insideAny(file, ["apps/agent/test", "apps/cli/test", "apps/web/e2e", `${SERVER}/testing`]);
const inside = (file: string, place: string) => file === place || file.startsWith(`${place}/`);
const insideAny = (file: string, places: readonly string[]) => places.some((place) => inside(file, place));

const ALL = ["packages/shared", "apps/agent", "apps/web", "apps/cli"].flatMap(sourceFiles).flatMap(importsOf);
const CODE = ALL.filter((found) => !isTest(found.from));

/** The imports that break a rule, as lines for a person; must be empty. */
const breaking = (imports: readonly Import[], breaks: (found: Import) => boolean) =>
  imports.filter(breaks).map((found) => `${found.from} imports ${found.specifier}`);

describe("imports run one way", () => {
  it.each(Object.keys(ARROWS))("%s", (folder) => {
    expect(sourceFiles(folder), `${folder} is guarded here but is gone or empty: mend the table`).not.toEqual([]);
    const allowed = [folder, ...(ARROWS[folder] ?? []), ...(inside(folder, SHARED) ? [] : [SHARED])];
    const mine = CODE.filter((found) => inside(found.from, folder));
    expect(breaking(mine, ({ to }) => to !== null && !insideAny(to, allowed))).toEqual([]);
  });

  it("every folder of code is guarded", () => {
    const guarded = [...Object.keys(ARROWS), `${WEB}/generated`];
    const loose = new Set(CODE.map((found) => found.from).filter((file) => {
      const depth = inside(file, SERVER) ? 5 : 4;
      return inside(file, `${file.split("/").slice(0, 2).join("/")}/src`) && file.split("/").length > depth && !insideAny(file, guarded);
    }));
    expect([...loose]).toEqual([]);
  });

  it("has no cycles, type-only ones included", () => {
    expect(findCycle(ALL)).toBeNull();
  });
});

describe("walls", () => {
  it("the apps never import each other", () => {
    const appOf = (file: string) => file.split("/").slice(0, 2).join("/");
    expect(breaking(ALL, ({ from, to }) => to !== null && to.startsWith("apps/") && appOf(from) !== appOf(to))).toEqual([]);
  });

  it("the shared package is pure: zod, hashes and YAML's parser only, nothing of Node", () => {
    const pure = CODE.filter((found) => inside(found.from, SHARED));
    expect(breaking(pure, ({ to, specifier }) => to === null && specifier !== "zod" && specifier !== "yaml" && !specifier.startsWith("@noble/hashes"))).toEqual([]);
  });

  it("what is made for tests stays in tests", () => {
    expect(breaking(CODE, ({ from, to }) => to !== null && inside(to, `${SHARED}/testing`) && !inside(from, `${SHARED}/testing`))).toEqual([]);
  });

  it("pages know the server's types and nothing that runs", () => {
    const pages = CODE.filter((found) => insideAny(found.from, folders(WEB, "app canvas panels ui trpc")));
    expect(pages).not.toEqual([]);
    expect(breaking(pages, ({ to, typeOnly }) => to !== null && inside(to, SERVER) && !typeOnly)).toEqual([]);
  });

  it.each(RESERVED)("$what has its place", ({ specifier, only }) => {
    expect(CODE.some((found) => specifier.test(found.specifier)), "nobody imports it any more: mend the table").toBe(true);
    for (const place of only) expect(existsSync(join(ROOT, place)), `${place} is gone: mend the table`).toBe(true);
    expect(breaking(CODE, (found) => specifier.test(found.specifier) && !insideAny(found.from, only))).toEqual([]);
  });
});
