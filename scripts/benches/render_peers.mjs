// The scene by takumi or by satori with resvg: one JSON line {"code"} in, one {"ms", "bytes" (base64, when asked)} out.
// Usage: node render_peers.mjs takumi|satori NODE_MODULES_PARENT SCENE.json
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [peer, home, sceneFile] = process.argv.slice(2);
const resolve = createRequire(join(home, "package.json")).resolve;
const load = (name) => import(pathToFileURL(resolve(name)).href);
const scene = JSON.parse(await readFile(sceneFile, "utf8"));
const [photo, logo, font] = await Promise.all([scene.photo, scene.logo, scene.font].map((path) => readFile(path)));
const dataUrl = (bytes, type) => `data:${type};base64,${bytes.toString("base64")}`;

const place = ([left, top, width, height]) => ({ position: "absolute", left, top, width, height, display: "flex" });
const centred = { alignItems: "center", justifyContent: "center", textAlign: "center", fontFamily: "Inter", fontWeight: 800 };
const image = (src, box) => ({ type: "img", props: { src, width: box[2], height: box[3], style: place(box) } });
const tree = (code, photoSource, logoSource) => ({
  type: "div",
  props: {
    style: { display: "flex", width: 1080, height: 1080, position: "relative" },
    children: [
      image(photoSource, [0, 0, 1080, 1080]),
      text(scene.headline, { ...place(scene.headlineBox), ...centred, fontSize: scene.headlineSize, color: "#FFFFFF", lineHeight: 1.15 }),
      text(code, {
        ...place(scene.codeBox), ...centred, fontSize: scene.codeSize, color: "#081028", backgroundColor: "#FFD54A",
        border: "6px solid #FFFFFF", borderRadius: 75,
      }),
      image(logoSource, scene.logoBox),
    ],
  },
});
const text = (children, style) => ({ type: "div", props: { style, children } });

async function takumi() {
  const { Renderer } = await load("@takumi-rs/core");
  const renderer = new Renderer();
  await renderer.registerFont({ name: "Inter", data: font, weight: 800 });
  const images = [{ src: "photo", data: photo }, { src: "logo", data: logo }];
  const node = ({ type, props: { style, children, src, width, height } }) =>
    type === "img" ? { type: "image", src, width, height, style }
    : typeof children === "string" ? { type: "container", style, children: [{ type: "text", text: children }] }
    : { type: "container", style, children: children.map(node) };
  return (code) => renderer.render(node(tree(code, "photo", "logo")), { width: 1080, height: 1080, format: "jpeg", quality: 90, images });
}

async function satori() {
  const module = await load("satori");
  const toSvg = module.default?.default ?? module.default;
  const { Resvg } = await load("@resvg/resvg-js");
  const fixed = await readFile(scene.staticFont);
  const [photoSource, logoSource] = [dataUrl(photo, "image/jpeg"), dataUrl(logo, "image/png")];
  return async (code) => {
    const svg = await toSvg(tree(code, photoSource, logoSource), {
      width: 1080, height: 1080, fonts: [{ name: "Inter", data: fixed, weight: 800, style: "normal" }],
    });
    return new Resvg(svg).render().asPng();
  };
}

const render = await { takumi, satori }[peer]();
for await (const line of createInterface({ input: process.stdin })) {
  const { code, wantsBytes } = JSON.parse(line);
  const start = performance.now();
  const bytes = await render(code);
  const ms = performance.now() - start;
  console.log(JSON.stringify({ ms, bytes: wantsBytes ? Buffer.from(bytes).toString("base64") : undefined }));
}
