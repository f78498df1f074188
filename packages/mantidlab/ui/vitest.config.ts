import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    // Two cores are what a machine that checks has.
    maxWorkers: 2,
  },
});
