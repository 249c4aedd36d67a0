// SPDX-License-Identifier: Apache-2.0
#include "dicom_nesting.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <vector>

namespace guide::io {
namespace {

/// As many items as may stand in a file that is not walked through: even all nested, they take half
/// a megabyte of stack.
constexpr int kHarmlessItems = 250;
/// Real data sets stay below ten.
constexpr std::size_t kDeepest = 64;
constexpr std::uint32_t kUndefined = 0xffffffff;

[[noreturn]] void too_deep(const std::string& path) {
    throw IoError(path, "damaged", "DICOM: sequences are nested too deep");
}

/// Counts item tags (FFFE,E000) in either byte order, over pieces of a stream.
class ItemCounter {
  public:
    void add(ByteView bytes) {
        text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        for (const std::string_view tag : {kLittle, kBig}) {
            for (std::size_t at = text_.find(tag); at != std::string::npos;
                 at = text_.find(tag, at + 1))
                ++count_;
        }
        // A tag may begin in one piece and end in the next.
        if (text_.size() > 3) text_.erase(0, text_.size() - 3);
    }
    [[nodiscard]] int count() const { return count_; }

  private:
    static constexpr std::string_view kLittle{"\xfe\xff\x00\xe0", 4}, kBig{"\xff\xfe\xe0\x00", 4};
    std::string text_;
    int count_ = 0;
};

class Input {
  public:
    explicit Input(const std::string& path) : file_(path, std::ios::binary) {
        if (!file_) throw IoError(path, "unreadable", "cannot be opened for reading");
    }
    /// Up to `into.size()` bytes at `offset`; how many there were.
    std::size_t read(std::int64_t offset, std::span<std::uint8_t> into) {
        if (offset < start_ || offset + std::ssize(into) > start_ + size_) {
            file_.clear();
            file_.seekg(offset);
            file_.read(reinterpret_cast<char*>(window_.data()), std::ssize(window_));
            start_ = offset;
            size_ = file_.gcount();
        }
        const std::int64_t there =
            std::clamp<std::int64_t>(start_ + size_ - offset, 0, std::ssize(into));
        std::memcpy(into.data(), window_.data() + (offset - start_),
                    static_cast<std::size_t>(there));
        return static_cast<std::size_t>(there);
    }

  private:
    std::ifstream file_;
    std::vector<std::uint8_t> window_ = std::vector<std::uint8_t>(1 << 16);
    std::int64_t start_ = 0, size_ = 0;
};

/// Follows the elements of a data set from tag to tag.
class Walker {
  public:
    Walker(std::string path, std::int64_t start)
        : path_(std::move(path)), input_(path_), at_(start) {}

    void walk() {
        std::array<std::uint8_t, 12> b{};
        while (input_.read(at_, b) >= 8)
            step(b);
    }

  private:
    struct Level {
        std::int64_t end = -1;  ///< -1: until its delimiter
        bool implicit = false;
        bool pixels = false;  ///< items are fragments, whose content is not looked at
    };

    [[nodiscard]] std::uint32_t number(const std::uint8_t* p, int bytes) const {
        std::uint32_t v = 0;
        for (int i = 0; i < bytes; ++i)
            v = v << 8U | p[big_endian_ ? i : bytes - 1 - i];
        return v;
    }

    void push(std::uint32_t length, std::int64_t value, bool pixels) {
        if (levels_.size() >= kDeepest) too_deep(path_);
        levels_.push_back({length == kUndefined ? -1 : value + length, implicit_, pixels});
        at_ = value;
    }

    [[nodiscard]] bool begins_with_item(std::int64_t value) {
        std::array<std::uint8_t, 4> b{};
        return input_.read(value, b) == 4 && number(b.data(), 2) == 0xfffe &&
               number(b.data() + 2, 2) == 0xe000;
    }

    void choose_syntax(const std::array<std::uint8_t, 12>& b) {
        // The meta header is always explicit and little-endian; what follows is as it says, or as
        // it looks.
        in_data_set_ = true;
        big_endian_ = syntax_ == "1.2.840.10008.1.2.2";
        const bool letters = b[4] >= 'A' && b[4] <= 'Z' && b[5] >= 'A' && b[5] <= 'Z';
        implicit_ = !letters;
    }

    void step(const std::array<std::uint8_t, 12>& b) {
        while (!levels_.empty() && levels_.back().end >= 0 && at_ >= levels_.back().end)
            pop();
        if (!in_data_set_ && (b[0] != 2 || b[1] != 0)) choose_syntax(b);
        const std::uint32_t group = number(b.data(), 2), element = number(b.data() + 2, 2);
        if (group == 0xfffe) {
            const std::uint32_t length = number(b.data() + 4, 4);
            if (element == 0xe000) {
                if (!levels_.empty() && levels_.back().pixels) {
                    at_ += 8 + std::int64_t{length};
                } else {
                    push(length, at_ + 8, false);
                }
            } else {
                if (!levels_.empty()) pop();
                at_ += 8;
            }
            return;
        }
        bool sequence = false, pixels = group == 0x7fe0 && element == 0x0010;
        std::uint32_t length = 0;
        std::int64_t value = at_ + 8;
        if (implicit_) {
            length = number(b.data() + 4, 4);
            sequence = length == kUndefined || (length >= 8 && begins_with_item(value));
        } else {
            const std::string_view vr(reinterpret_cast<const char*>(b.data() + 4), 2);
            constexpr std::array<std::string_view, 13> kLong = {
                "OB", "OW", "OF", "OD", "OL", "OV", "SQ", "UC", "UR", "UT", "UN", "SV", "UV"};
            constexpr std::array<std::string_view, 21> kShort = {
                "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FL", "FD", "IS", "LO",
                "LT", "PN", "SH", "SL", "SS", "ST", "TM", "UI", "UL", "US"};
            if (std::find(kLong.begin(), kLong.end(), vr) != kLong.end()) {
                length = number(b.data() + 8, 4);
                value = at_ + 12;
                sequence = vr == "SQ" || length == kUndefined;
                if (vr == "UN" && (sequence || begins_with_item(value))) sequence = true;
                if (vr == "UN" && length == kUndefined) {  // PS3.5 6.2.2: implicit inside
                    push(length, value, false);
                    implicit_ = true;
                    return;
                }
            } else if (std::find(kShort.begin(), kShort.end(), vr) != kShort.end()) {
                length = number(b.data() + 6, 2);
            } else {
                throw IoError(path_, "damaged",
                              "DICOM: an element of unknown kind among many items");
            }
        }
        if (group == 2 && element == 0x0010 && length <= 64) {
            std::array<std::uint8_t, 64> text{};
            const std::size_t got = input_.read(value, std::span(text).first(length));
            syntax_.assign(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(got));
            while (!syntax_.empty() && (syntax_.back() == '\0' || syntax_.back() == ' '))
                syntax_.pop_back();
        }
        if (sequence) {
            push(length, value, pixels);
        } else {
            at_ = value + length;
        }
    }

    void pop() {
        implicit_ = levels_.back().implicit;
        levels_.pop_back();
    }

    std::string path_;
    Input input_;
    std::int64_t at_;
    std::vector<Level> levels_;
    std::string syntax_;
    bool in_data_set_ = false, implicit_ = false, big_endian_ = false;
};

/// Where the inflated part begins, when the data set is deflated: behind the meta header, whose
/// length (0002,0000) says.
std::int64_t deflated_part(ByteView beginning) {
    constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
    const std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
    if (beginning.size() < 144 || text.find(kDeflated) == std::string_view::npos) return -1;
    std::int64_t length = 0;
    for (std::size_t i = 4; i-- > 0;)
        length = length << 8 | beginning[140 + i];
    return 144 + length;
}

}  // namespace

void check_nesting(const std::string& path, std::int64_t max_bytes) {
    const Bytes beginning = read_beginning(path, 2048);
    const std::int64_t deflated = deflated_part(beginning);
    std::ifstream file(path, std::ios::binary);
    ItemCounter counter;
    Bytes piece(1 << 16);
    if (deflated >= 0) {
        file.seekg(deflated);
        z_stream stream{};
        if (inflateInit2(&stream, -15) != Z_OK)
            throw IoError(path, "unreadable", "inflating cannot be started");
        // The parser keeps all of it in memory, and a bomb must be told from a film within a second
        // or two.
        const std::int64_t limit = std::min(max_bytes, std::int64_t{512} << 20);
        Bytes out(1 << 16);
        std::int64_t total = 0;
        int result = Z_OK;
        while (result == Z_OK && total <= limit) {
            if (stream.avail_in == 0) {
                file.read(reinterpret_cast<char*>(piece.data()), std::ssize(piece));
                stream.next_in = piece.data();
                stream.avail_in = static_cast<uInt>(file.gcount());
                if (stream.avail_in == 0) break;
            }
            stream.next_out = out.data();
            stream.avail_out = static_cast<uInt>(out.size());
            result = inflate(&stream, Z_NO_FLUSH);
            const std::size_t got = out.size() - stream.avail_out;
            counter.add(ByteView(out).first(got));
            total += static_cast<std::int64_t>(got);
        }
        inflateEnd(&stream);
        if (total > limit)
            throw IoError(path, "too-large", "the deflated data is larger than the limit");
        if (result != Z_STREAM_END)
            throw IoError(path, "damaged", "the deflated data is damaged or incomplete");
        if (counter.count() > kHarmlessItems) {
            throw IoError(path, "unsupported", "DICOM: deflated data with very many items");
        }
        return;
    }
    while (file) {
        file.read(reinterpret_cast<char*>(piece.data()), std::ssize(piece));
        counter.add(ByteView(piece).first(static_cast<std::size_t>(file.gcount())));
    }
    if (counter.count() <= kHarmlessItems) return;
    const bool preamble =
        beginning.size() >= 132 && std::memcmp(beginning.data() + 128, "DICM", 4) == 0;
    Walker(path, preamble ? 132 : 0).walk();
}

}  // namespace guide::io
