// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/io/write.hpp>

#include <fcntl.h>
#include <png.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csetjmp>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace guide::io {
namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path, int error) {
    throw IoError(path.string(), "cannot-write",
                  "cannot be written: " + std::generic_category().message(error));
}

/// A descriptor that closes itself.
class File {
  public:
    explicit File(int descriptor) : descriptor_(descriptor) {}
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    [[nodiscard]] int write_all(std::string_view bytes) {
        while (!bytes.empty()) {
            const ::ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return errno;
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return 0;
    }
    /// Closing can be what tells of a full disk.
    [[nodiscard]] int close() {
        const int result = ::close(descriptor_);
        descriptor_ = -1;
        return result == 0 ? 0 : errno;
    }
    [[nodiscard]] int get() const { return descriptor_; }

  private:
    int descriptor_;
};

struct NewFile {
    std::string name;
    int descriptor = -1;  ///< -1: errno says why
};

/// A file that did not exist, in the folder of `path`, so that it can take its name in one step.
NewFile create_beside(const std::filesystem::path& path) {
    constexpr int kTries = 100;
    for (int i = 0; i < kTries; ++i) {
        const std::string own =
            ".guide-" + std::to_string(::getpid()) + "-" + std::to_string(i) + ".tmp";
        std::string name = (path.parent_path() / own).string();
        const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST) return {std::move(name), descriptor};
    }
    return {};
}

void write_file(const std::filesystem::path& asked, std::string_view bytes) {
    // A link keeps pointing to the file, which is what gets replaced.
    std::error_code ignored;
    std::filesystem::path path = asked;
    if (std::filesystem::is_symlink(asked, ignored)) {
        const auto target = std::filesystem::weakly_canonical(asked, ignored);
        if (!ignored && !target.empty()) path = target;
    }
    struct ::stat existing {};
    const bool exists = ::stat(path.c_str(), &existing) == 0;
    if (exists && S_ISDIR(existing.st_mode)) cannot_write(asked, EISDIR);
    if (exists && !S_ISREG(existing.st_mode)) {  // a device or a pipe: there is nothing to rename
        File file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
        if (file.get() < 0) cannot_write(asked, errno);
        if (const int error = file.write_all(bytes)) cannot_write(asked, error);
        return;
    }
    if (exists && ::access(path.c_str(), W_OK) != 0) cannot_write(asked, errno);

    const auto [name, descriptor] = create_beside(path);
    File file(descriptor);
    if (file.get() < 0) cannot_write(asked, errno);
    const auto give_up = [&, &temporary = name](int error) {
        ::unlink(temporary.c_str());
        cannot_write(asked, error);
    };
    if (const int error = file.write_all(bytes)) give_up(error);
    if (exists && ::fchmod(file.get(), existing.st_mode & 07777U) != 0) give_up(errno);
    if (const int error = file.close()) give_up(error);
    if (::rename(name.c_str(), path.c_str()) != 0) give_up(errno);
}

struct Encoder {
    std::string bytes;
    png_structp png = nullptr;
    png_infop info = nullptr;
    std::jmp_buf jump;
    bool out_of_memory = false;

    ~Encoder() { png_destroy_write_struct(&png, &info); }
};

extern "C" {
void guide_png_write(png_structp png, png_bytep bytes, std::size_t count) {
    auto* encoder = static_cast<Encoder*>(png_get_io_ptr(png));
    try {
        encoder->bytes.append(reinterpret_cast<const char*>(bytes), count);
    } catch (...) {  // no C++ exception may cross libpng
        encoder->out_of_memory = true;
    }
}
void guide_png_flush(png_structp) {}
void guide_png_write_error(png_structp png, png_const_charp) {
    std::longjmp(static_cast<Encoder*>(png_get_error_ptr(png))->jump, 1);
}
void guide_png_write_warning(png_structp, png_const_charp) {}
}

bool encode(Encoder& e, int width, int height, int colour_type, std::vector<png_bytep>& rows) {
    if (setjmp(e.jump) != 0) return false;
    e.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &e, &guide_png_write_error,
                                    &guide_png_write_warning);
    e.info = e.png != nullptr ? png_create_info_struct(e.png) : nullptr;
    if (e.info == nullptr) return false;
    png_set_user_limits(e.png, 1 << 24, 1 << 24);
    png_set_write_fn(e.png, &e, &guide_png_write, &guide_png_flush);
    png_set_IHDR(e.png, e.info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height),
                 8, colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(e.png, 3);  // half the time of the default, some per cent larger
    png_write_info(e.png, e.info);
    png_write_image(e.png, rows.data());
    png_write_end(e.png, nullptr);
    return !e.out_of_memory;
}

template <class T>
std::string encoded(const std::string& path, ImageView<const T> picture, int colour_type) {
    require(!picture.empty(), "write_png", "the picture has pixels");
    std::vector<png_bytep> rows;
    for (int y = 0; y < picture.height; ++y) {
        // libpng takes rows as changeable but does not change them without a transformation.
        rows.push_back(reinterpret_cast<png_bytep>(const_cast<T*>(picture.row(y))));
    }
    Encoder encoder;
    if (!encode(encoder, picture.width, picture.height, colour_type, rows)) {
        throw IoError(path, "cannot-write", "the picture cannot be encoded");
    }
    return std::move(encoder.bytes);
}

}  // namespace

void write_png(const std::filesystem::path& path, ImageView<const Rgb8> picture) {
    static_assert(sizeof(Rgb8) == 3, "rows of Rgb8 are rows of bytes");
    write_file(path, encoded(path.string(), picture, PNG_COLOR_TYPE_RGB));
}

std::string encode_png(ImageView<const Rgb8> picture) {
    return encoded("PNG", picture, PNG_COLOR_TYPE_RGB);
}

void write_mask_png(const std::filesystem::path& path, ImageView<const std::uint8_t> mask) {
    write_file(path, encoded(path.string(), mask, PNG_COLOR_TYPE_GRAY));
}

void write_text(const std::filesystem::path& path, std::string_view text) {
    write_file(path, text);
}

}  // namespace guide::io
