// SPDX-License-Identifier: Apache-2.0
#include "file.hpp"

#include <guide/core/error.hpp>
#include <guide/io/mayacam.hpp>
#include <guide/io/write.hpp>

#include <Eigen/SVD>

#include <charconv>
#include <cmath>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace guide::io {
namespace {

constexpr std::int64_t kLargest = 1 << 16;  // bytes
constexpr int kLargestSide = 1 << 16;       // px
constexpr double kRounded = 1e-3;           // how far a written rotation may be from one

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    return text;
}

/// The file's lines that say something.
class Lines {
  public:
    explicit Lines(const std::filesystem::path& path) : path_(path.string()) {
        const Bytes bytes = read_file(path, kLargest);
        std::istringstream stream(std::string(bytes.begin(), bytes.end()));
        for (std::string line; std::getline(stream, line);) {
            const auto text = trimmed(line);
            if (!text.empty()) lines_.emplace_back(text);
        }
    }

    [[noreturn]] void fail(const std::string& block, const std::string& why) const {
        throw IoError(path_, "bad-calibration", "its block \"" + block + "\" " + why);
    }

    /// The numbers of a block, row by row.
    [[nodiscard]] std::vector<double> block(const std::string& name, std::size_t rows,
                                            std::size_t columns) const {
        std::size_t at = 0;
        while (at < lines_.size() && lines_[at] != name)
            ++at;
        if (at == lines_.size()) fail(name, "is missing");
        if (lines_.size() < at + 1 + rows) fail(name, "is cut short");
        std::vector<double> numbers;
        for (std::size_t i = 0; i < rows; ++i)
            read_row(name, lines_[at + 1 + i], columns, numbers);
        return numbers;
    }

  private:
    void read_row(const std::string& name, std::string_view line, std::size_t columns,
                  std::vector<double>& numbers) const {
        std::size_t count = 0;
        while (!line.empty()) {
            const auto comma = line.find(',');
            const auto field = trimmed(line.substr(0, comma));
            double value = 0;
            const auto end = std::from_chars(field.data(), field.data() + field.size(), value);
            if (end.ec != std::errc{} || end.ptr != field.data() + field.size() ||
                !std::isfinite(value))
                fail(name, "holds \"" + printable(field) + "\", which is no number");
            numbers.push_back(value);
            ++count;
            line = comma == std::string_view::npos ? std::string_view{} : line.substr(comma + 1);
        }
        if (count != columns) {
            fail(name, "has a row of " + std::to_string(count) + " numbers instead of " +
                           std::to_string(columns));
        }
    }

    std::string path_;
    std::vector<std::string> lines_;
};

Eigen::Matrix3d matrix_of(const std::vector<double>& numbers) {
    return Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(numbers.data());
}

int side_of(const Lines& lines, double value) {
    if (!(value >= 1 && value <= kLargestSide) || value != std::floor(value))
        lines.fail("image size", "is no size of a picture");
    return static_cast<int>(value);
}

void write_rows(std::ostream& out, const Eigen::Matrix3d& m) {
    for (int i = 0; i < 3; ++i)
        out << m(i, 0) << ',' << m(i, 1) << ',' << m(i, 2) << '\n';
}

}  // namespace

MayaCam read_mayacam(const std::filesystem::path& path) {
    const Lines lines(path);
    MayaCam view;
    const auto size = lines.block("image size", 1, 2);
    view.width = side_of(lines, size[0]);
    view.height = side_of(lines, size[1]);
    view.camera.intrinsic = matrix_of(lines.block("camera matrix", 3, 3));
    view.camera.rotation = matrix_of(lines.block("rotation", 3, 3));
    const auto t = lines.block("translation", 3, 1);
    view.camera.translation = {t[0], t[1], t[2]};
    if (const auto good = view.camera.validate(kRounded); !good)
        throw IoError(path.string(), "bad-calibration", good.error().text);
    // The nearest rotation to what rounding left.
    const Eigen::JacobiSVD<Eigen::Matrix3d> svd(view.camera.rotation,
                                                Eigen::ComputeFullU | Eigen::ComputeFullV);
    view.camera.rotation = svd.matrixU() * svd.matrixV().transpose();
    return view;
}

void write_mayacam(const std::filesystem::path& path, const MayaCam& view) {
    require(view.camera.validate().has_value() && view.width > 0 && view.height > 0,
            "write_mayacam", "the view has a size and a camera that is one");
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(17);
    out << "image size\n" << view.width << ',' << view.height << "\n\ncamera matrix\n";
    write_rows(out, view.camera.intrinsic);
    out << "\nrotation\n";
    write_rows(out, view.camera.rotation);
    out << "\ntranslation\n";
    for (int i = 0; i < 3; ++i)
        out << view.camera.translation(i) << '\n';
    write_text(path, out.str());
}

}  // namespace guide::io
