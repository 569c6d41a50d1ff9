import { Router } from "express";
import { search } from "../services/search";
import { cache } from "../lib/cache";
import { renderMarkdown } from "../lib/markdown";

export const catalog = Router();

catalog.get("/p/:slug", async (req, res, next) => {
  try {
    const product = await cache.wrap(`product:${req.params.slug}`, () => loadProduct(req.params.slug));
    const cover = product.images[0].sizes.large;
    const description = renderMarkdown(product.description);
    res.render("product", { product, cover, description });
  } catch (error) {
    next(error);
  }
});

catalog.get("/search", async (req, res, next) => {
  try {
    const page = Number(req.query.page ?? 1);
    const hits = await search(String(req.query.q), { page, size: 24 });
    const facets = Object.fromEntries(hits.facets.map((f) => [f.name, f.buckets]));
    res.render("search", { hits, facets });
  } catch (error) {
    next(error);
  }
});

async function loadProduct(slug: string) {
  const response = await fetch(`${process.env.CATALOG_URL}/products/${slug}`);
  return response.json();
}
