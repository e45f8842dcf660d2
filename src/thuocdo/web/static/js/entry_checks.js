// The checks of the form of figures where there is no server: the same rules, the same arithmetic in the same order as
// engine/entering/checks.py and web/data_entry/typed.py; a test compares the two. Also the digest that seals a form.
const entryChecks = (() => {
  const SLACK = 1e-9;
  const slack = (size) => SLACK * Math.max(1, Math.abs(size));
  const isFar = (value, among, least, most) =>
    !among || among.count < least || among.spread <= 0 ? null : Math.abs(value - among.middle) > most * among.spread;

  function alone(code, cell, value, limits) {
    if (cell.lower !== null && value < cell.lower) return [{ cell: code, code: "below_range", severity: "error", values: { value, limit: cell.lower } }];
    if (cell.upper !== null && value > cell.upper) return [{ cell: code, code: "above_range", severity: "error", values: { value, limit: cell.upper } }];
    if (cell.percentage && value > 0 && value < 1) return [{ cell: code, code: "looks_like_fraction", severity: "warning", values: { value, better: value * 100 } }];
    const own = isFar(value, cell.own, limits.least_own, limits.own);
    if (own) return [{ cell: code, code: "far_from_own", severity: "warning", values: { value, ...cell.own } }];
    if (own === null && isFar(value, cell.peers, limits.least_peers, limits.peers)) return [{ cell: code, code: "far_from_peers", severity: "warning", values: { value, ...cell.peers } }];
    return [];
  }
  function together(rule, values) {
    const has = (code) => Object.hasOwn(values, code);
    if (rule.kind === "at_most") {
      const parts = rule.parts.filter(has);
      if (!parts.length || !has(rule.whole)) return [];
      const sum = parts.reduce((total, part) => total + values[part], 0), most = values[rule.whole];
      return sum <= most + slack(most) ? [] : [{ cell: parts[0], code: "exceeds_whole", severity: rule.severity, values: { parts, whole: rule.whole, sum, most } }];
    }
    if (rule.kind === "adds_up") {
      if (!has(rule.whole) || !rule.parts.every(has)) return [];
      const sum = rule.parts.reduce((total, part) => total + values[part], 0), asked = values[rule.whole];
      return Math.abs(sum - asked) <= rule.tolerance + slack(asked) ? [] : [{ cell: rule.whole, code: "does_not_add_up", severity: rule.severity, values: { parts: rule.parts, sum, asked } }];
    }
    if (rule.kind === "not_below_before") {
      if (!has(rule.cell) || rule.before === null || values[rule.cell] >= rule.before - slack(rule.before)) return [];
      return [{ cell: rule.cell, code: "fell", severity: rule.severity, values: { value: values[rule.cell], before: rule.before } }];
    }
    throw new Error(`unknown kind of rule: ${rule.kind}`);
  }
  const checkSheet = (sheet, values) => [
    ...Object.entries(sheet.cells).flatMap(([code, cell]) => (Object.hasOwn(values, code) ? alone(code, cell, values[code], sheet.limits) : [])),
    ...sheet.rules.flatMap((rule) => together(rule, values)),
  ];

  // What was typed: {number} as rows write it, or {problem, values} for what is no number or has two meanings.
  function numberTyped(text, english) {
    let given = text.trim().replaceAll("\u2212", "-").replace(/^\+/, "");
    if (given.endsWith("%")) given = given.slice(0, -1).trimEnd();
    if (/^-?[1-9]\d{0,2}[.,]\d{3}$/.test(given) && (given.includes(".") || english)) {
      const decimal = english ? given.replaceAll(",", ".") : given.replaceAll(".", ",").replace(/0+$/, "").replace(/,$/, "");
      return { problem: "ambiguous", values: { given, whole: given.replace(/[.,]/g, ""), decimal } };
    }
    if (/^-?[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$/.test(given)) given = given.replace(/[ \u00a0\u202f]/g, "");
    if (/^-?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$/.test(given)) given = given.replaceAll(".", "").replace(",", ".");
    else if (/^-?[1-9]\d{0,2}(?:,\d{3})+\.\d+$|^-?[1-9]\d{0,2}(?:,\d{3}){2,}$/.test(given)) given = given.replaceAll(",", "");
    else if (/^-?\d+,\d+$/.test(given)) given = given.replace(",", ".");
    else if (!/^-?\d+(?:\.\d+)?$/.test(given)) return { problem: "not_a_number", values: { given: [...text.trim()].slice(0, 30).join("") } };
    const sign = given.startsWith("-") ? "-" : "";
    const [whole, decimals] = given.replace("-", "").split(".");
    return { number: `${sign}${whole.replace(/^0+/, "") || "0"}${decimals === undefined ? "" : `.${decimals}`}` };
  }

  // At most eight decimals, a decimal comma. The shortest text that means the number has the digits that were typed.
  function plain(value) {
    let text = String(value);
    if (text.includes("e")) text = Math.abs(value) >= 1e21 ? String(BigInt(value)) : value.toFixed(8);
    else if ((text.split(".")[1] ?? "").length > 8) text = value.toFixed(8);
    if (text.includes(".")) text = text.replace(/\.?0+$/, "");
    return text === "-0" ? "0" : text.replace(".", ",");
  }
  const fill = (sentence, said) => sentence.replace(/%\((\w+)\)s|%%/g, (mark, name) => (mark === "%%" ? "%" : said(name)));
  const inWords = (finding, words, titles) => fill(words[finding.code], (name) => {
    const value = finding.values[name];
    if (Array.isArray(value)) return value.map((one) => `“${titles[one] ?? one}”`).join(", ");
    return typeof value === "string" ? `“${titles[value] ?? value}”` : plain(value);
  });

  // What is to be said of the cells {code: {text, state, reason}} as they are typed, beside what is `known` already:
  // {cells: as they are handed in, told: {code: [[tone, words]]}}. The same as `Grid.said` of web/data_entry/grid.py.
  function judge({ sheet, known, words, typing, titles, english }, given) {
    const cells = {}, values = { ...known }, told = {};
    const say = (code, tone, text) => (told[code] ??= []).push([tone, text]);
    for (const [code, cell] of Object.entries(given)) {
      const text = cell.text.trim(), { state } = cell, reason = cell.reason.replace(/[\t\n\r]+/g, " ").trim();
      if (!text && state === "value") continue;
      delete values[code];
      cells[code] = { value: "", state, reason };
      if (state !== "value") {
        if (text) say(code, "error", typing.value_with_state);
        continue;
      }
      const { number, problem, values: about } = numberTyped(text, english);
      if (problem) { say(code, "error", fill(typing[problem], (name) => about[name])); continue; }
      values[code] = Number(number);
      cells[code].value = number;
    }
    for (const finding of checkSheet(sheet, values)) {
      const about = [finding.cell, ...(finding.values.parts ?? []), finding.values.whole].filter((code) => cells[code]);
      if (!about.length) continue;
      const explained = finding.severity !== "error" && about.some((code) => cells[code].reason);
      say(about[0], explained ? "explained" : finding.severity, inWords(finding, words, titles));
    }
    return { cells, told };
  }

  // SHA-256 (FIPS 180-4); the browser's own is asynchronous and not offered everywhere to files.
  function sha256(text) {
    const bytes = new TextEncoder().encode(text), size = ((bytes.length + 8) >> 6) * 64 + 64;
    const block = new Uint8Array(size); block.set(bytes); block[bytes.length] = 128;
    new DataView(block.buffer).setUint32(size - 4, bytes.length * 8);
    const roots = (power) => { const found = []; for (let n = 2; found.length < 64; n++) { let prime = true; for (let d = 2; d * d <= n; d++) if (n % d === 0) { prime = false; break; } if (prime) found.push(((n ** power) % 1) * 2 ** 32 | 0); } return found; };
    const k = roots(1 / 3), h = roots(1 / 2).slice(0, 8), turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let start = 0; start < size; start += 64) {
      const w = new Int32Array(64), view = new DataView(block.buffer, start, 64);
      for (let i = 0; i < 16; i++) w[i] = view.getInt32(i * 4);
      for (let i = 16; i < 64; i++) w[i] = (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10)) + w[i - 7] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3)) + w[i - 16];
      let [a, b, c, d, e, f, g, z] = h;
      for (let i = 0; i < 64; i++) {
        const one = (z + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [z, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, z].forEach((one, i) => { h[i] = (h[i] + one) | 0; });
    }
    return h.map((one) => (one >>> 0).toString(16).padStart(8, "0")).join("");
  }
  const seal = (form) => sha256([form.format, form.body, form.period, form.form, ...Object.keys(form.cells).sort().map((code) => [code, form.cells[code].value, form.cells[code].state, form.cells[code].reason].join("\t"))].join("\n"));
  return { checkSheet, judge, numberTyped, plain, inWords, sha256, seal };
})();
