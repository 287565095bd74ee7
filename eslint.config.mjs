import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

// Each of these has one place where it is allowed; the place is named in its message.
const noProcesses = {
  paths: [
    { name: "node:child_process", message: "Only apps/agent/src/host starts processes." },
    { name: "child_process", message: "Only apps/agent/src/host starts processes." },
    { name: "execa", message: "Only apps/agent/src/host starts processes." },
  ],
};
const noPrisma = {
  patterns: [{ group: ["@prisma/*", "**/generated/*", "**/generated/**"], message: "Only apps/web/src/server/store knows the database." }],
};
const noNode = { patterns: [{ group: ["node:*"], message: "packages/shared is pure: it runs in the browser too." }] };

const restrict = (...rules) => ["error", {
  paths: rules.flatMap((rule) => rule.paths ?? []),
  patterns: rules.flatMap((rule) => rule.patterns ?? []),
}];

const noShell = ["error", {
  selector: "Property:matches([key.name='shell'], [key.value='shell'])[value.type='Literal']:matches([value.value=true], [value.value=/^\\//])",
  message: "No shell: pass an argument vector.",
}];

export default tseslint.config(
  { ignores: ["**/dist/", "**/.next/", "**/generated/", "**/next-env.d.ts", "**/test-results/", "**/playwright-report/", ".vpclab/", "**/*.d.ts"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommended],
    rules: {
      "no-restricted-properties": ["error", { object: "process", property: "env", message: "Only env.ts reads the environment." }],
      "no-restricted-imports": restrict(noProcesses, noPrisma),
      "no-restricted-syntax": noShell,
      "no-console": "error",
      eqeqeq: "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
  {
    // The rules that need types and find real faults: forgotten awaits, promises where nobody looks, switches with a hole.
    // Not in tests, where they cost most and a forgotten await shows as a failing test.
    files: ["apps/*/src/**/*.{ts,tsx}", "apps/web/server.ts", "packages/*/src/**/*.ts"],
    ignores: ["**/*.test.ts", "**/testing/**"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false, checksSpreads: false }],
      "@typescript-eslint/only-throw-error": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ["apps/web/src/{app,canvas,panels,ui,trpc}/**/*.{ts,tsx}"], plugins: { "react-hooks": reactHooks }, rules: reactHooks.configs.recommended.rules },

  // The places that are allowed.
  { files: ["packages/shared/src/**/*.ts"], ignores: ["**/*.test.ts"], rules: { "no-restricted-imports": restrict(noProcesses, noPrisma, noNode) } },
  { files: ["apps/agent/src/host/**/*.ts"], rules: { "no-restricted-imports": restrict(noPrisma) } },
  { files: ["apps/web/src/server/store/**/*.ts"], rules: { "no-restricted-imports": restrict(noProcesses) } },
  // The embedded database is a part of the server that must not share its process.
  { files: ["apps/web/src/server/store/embedded-database.ts"], rules: { "no-restricted-imports": "off" } },
  // `vpcctl exec` starts what a person names, inside an instance's namespace.
  { files: ["apps/cli/src/run-inside.ts"], rules: { "no-restricted-imports": restrict(noPrisma) } },
  { files: ["**/env.ts"], rules: { "no-restricted-properties": "off" } },
  // Tests and tools start real programs, read their settings and print their results; never through a shell, they too.
  {
    files: ["**/*.test.ts", "**/*.test.tsx", "**/test/**/*.ts", "**/e2e/**/*.ts", "**/testing/**/*.ts", "test/**/*.ts", "bench/**/*.ts", "prove/**/*.ts", "torture/**/*.ts", "hostile/**/*.ts", "**/*.config.ts"],
    rules: { "no-restricted-properties": "off", "no-restricted-imports": "off", "no-console": "off" },
  },
  {
    files: ["**/*.mjs"],
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: { process: "readonly", console: "readonly", Buffer: "readonly", URL: "readonly", setTimeout: "readonly", clearTimeout: "readonly", setInterval: "readonly", clearInterval: "readonly", fetch: "readonly", AbortSignal: "readonly", WebAssembly: "readonly" } },
    rules: { "no-undef": "error", "no-restricted-syntax": noShell, eqeqeq: "error" },
  },
);
