// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace guide {

/// One 8-bit colour pixel, red first.
struct Rgb8 {
    std::uint8_t r = 0, g = 0, b = 0;
    friend bool operator==(const Rgb8&, const Rgb8&) = default;
};

/// A picture that somebody else owns: `height` rows of `width` pixels, rows `stride` elements
/// apart, x right, y down. Cheap to copy; valid as long as the owner keeps the memory.
template <class T>
struct ImageView {
    T* data = nullptr;
    int width = 0;
    int height = 0;
    std::ptrdiff_t stride = 0;  ///< elements (not bytes) from one row to the next

    ImageView() = default;
    ImageView(T* pixels, int w, int h) : ImageView(pixels, w, h, w) {}
    ImageView(T* pixels, int w, int h, std::ptrdiff_t row_stride)
        : data(pixels), width(w), height(h), stride(row_stride) {}

    /// A view of changeable pixels serves where one of constant pixels is asked for.
    operator ImageView<const T>() const requires(!std::is_const_v<T>) {
        return {data, width, height, stride};
    }

    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    [[nodiscard]] std::size_t pixel_count() const {
        return empty() ? 0 : static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    }
    [[nodiscard]] T* row(int y) const { return data + y * stride; }
    [[nodiscard]] T& at(int x, int y) const { return row(y)[x]; }
    [[nodiscard]] bool contains(int x, int y) const {
        return x >= 0 && y >= 0 && x < width && y < height;
    }

    /// The part [x0, x0 + w) x [y0, y0 + h) of this view; throws PreconditionError when it sticks
    /// out.
    [[nodiscard]] ImageView cropped(int x0, int y0, int w, int h) const {
        require(x0 >= 0 && y0 >= 0 && w >= 0 && h >= 0 && x0 + w <= width && y0 + h <= height,
                "ImageView::cropped", "the part lies inside the view");
        return {data + y0 * stride + x0, w, h, stride};
    }
};

/// A picture that owns its pixels, rows contiguous, value-initialised. Moves, never copies by
/// accident.
template <class T>
class Image {
  public:
    Image() = default;
    Image(int width, int height) : width_(width), height_(height) {
        require(width >= 0 && height >= 0, "Image", "width and height are not negative");
        pixels_ = std::make_unique<T[]>(static_cast<std::size_t>(width) *
                                        static_cast<std::size_t>(height));
    }
    Image(int width, int height, const T& value) : Image(width, height) { fill(value); }

    Image(Image&& other) noexcept { swap(other); }
    Image& operator=(Image&& other) noexcept {
        Image(std::move(other)).swap(*this);
        return *this;
    }
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;

    [[nodiscard]] Image clone() const {
        Image copy(width_, height_);
        for (std::size_t i = 0; i < size(); ++i)
            copy.pixels_[i] = pixels_[i];
        return copy;
    }

    [[nodiscard]] int width() const { return width_; }
    [[nodiscard]] int height() const { return height_; }
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    }
    [[nodiscard]] T* data() { return pixels_.get(); }
    [[nodiscard]] const T* data() const { return pixels_.get(); }
    [[nodiscard]] T& at(int x, int y) { return view().at(x, y); }
    [[nodiscard]] const T& at(int x, int y) const { return view().at(x, y); }
    [[nodiscard]] T* row(int y) { return view().row(y); }
    [[nodiscard]] const T* row(int y) const { return view().row(y); }

    [[nodiscard]] ImageView<T> view() { return {pixels_.get(), width_, height_}; }
    [[nodiscard]] ImageView<const T> view() const { return {pixels_.get(), width_, height_}; }

    void fill(const T& value) {
        for (std::size_t i = 0; i < size(); ++i)
            pixels_[i] = value;
    }

    void swap(Image& other) noexcept {
        std::swap(pixels_, other.pixels_);
        std::swap(width_, other.width_);
        std::swap(height_, other.height_);
    }

  private:
    std::unique_ptr<T[]> pixels_;
    int width_ = 0;
    int height_ = 0;
};

/// A contiguous copy of any view.
template <class T>
[[nodiscard]] Image<std::remove_const_t<T>> copy_image(ImageView<T> view) {
    Image<std::remove_const_t<T>> copy(view.width, view.height);
    for (int y = 0; y < view.height; ++y) {
        for (int x = 0; x < view.width; ++x)
            copy.at(x, y) = view.at(x, y);
    }
    return copy;
}

}  // namespace guide
