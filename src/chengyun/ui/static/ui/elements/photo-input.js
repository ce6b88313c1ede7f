// <photo-input data-max-bytes data-too-big data-not-image><input type="file" multiple></photo-input>: shows what will be
// sent and refuses a file that is too large before it is sent; the server checks again.
class PhotoInput extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = document.createElement("div");
    this.list.className = "photo-list";
    this.append(this.list);
    this.input.addEventListener("change", () => this.show());
  }

  show() {
    this.list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    const files = [...this.input.files];
    this.list.replaceChildren(...files.map((file) => this.figure(file)));
    this.input.setCustomValidity(files.map((file) => this.fault(file)).find(Boolean) || "");
    this.input.reportValidity();
  }

  fault(file) {
    if (!file.type.startsWith("image/")) return this.dataset.notImage.replace("{name}", file.name);
    if (file.size > Number(this.dataset.maxBytes || Infinity)) return this.dataset.tooBig.replace("{name}", file.name);
    return "";
  }

  figure(file) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const fault = this.fault(file);
    caption.textContent = fault || `${Math.ceil(file.size / 1024)} KB`;
    figure.toggleAttribute("data-refused", Boolean(fault));
    if (file.type.startsWith("image/")) figure.append(this.preview(file));
    figure.append(caption);
    return figure;
  }

  preview(file) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    return image;
  }
}
customElements.define("photo-input", PhotoInput);
