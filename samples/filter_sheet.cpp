// SPDX-License-Identifier: Apache-2.0
// Every filter on one ultrasound picture, side by side: what each is good for, and what it takes.
#include <guide/filters/attenuation_sweep.hpp>
#include <guide/filters/column_mean.hpp>
#include <guide/filters/gaussian.hpp>
#include <guide/filters/persistence.hpp>
#include <guide/filters/resample.hpp>
#include <guide/filters/shadow_map.hpp>
#include <guide/interop/opencv_filters.hpp>
#include <guide/segment/content_box.hpp>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace guide;

struct Range {
    double low, high;
};

/// From the value that a hundredth of the pixels lies below, to the one that a hundredth is above.
Range most_of(const cv::Mat1f& map) {
    std::vector<float> values(map.begin(), map.end());
    const auto at = [&](double share) {
        const auto nth =
            values.begin() + std::lround(share * static_cast<double>(values.size() - 1));
        std::nth_element(values.begin(), nth, values.end());
        return *nth;
    };
    const double low = at(0.01), high = at(0.99);
    return {low, std::max(high, low + 1e-6)};
}

cv::Mat bytes(const cv::Mat1f& map, Range range) {
    cv::Mat shown;
    const double gain = 255 / (range.high - range.low);
    map.convertTo(shown, CV_8U, gain, -gain * range.low);
    return shown;
}

cv::Mat grey(const cv::Mat1f& map, Range range) {
    cv::Mat shown;
    cv::cvtColor(bytes(map, range), shown, cv::COLOR_GRAY2BGR);
    return shown;
}

cv::Mat heat(const cv::Mat1f& map, Range range) {
    cv::Mat shown;
    cv::applyColorMap(bytes(map, range), shown, cv::COLORMAP_INFERNO);
    return shown;
}

/// An angle that is the same again after `turn` as a hue, as bright as `weight`.
cv::Mat hue(const cv::Mat1f& angle, double turn, const cv::Mat1f& weight) {
    cv::Mat hues(angle.size(), CV_8U), shown;
    std::transform(angle.begin(), angle.end(), hues.begin<std::uint8_t>(), [turn](float a) {
        return static_cast<std::uint8_t>(std::lround(180 * (a / turn - std::floor(a / turn))) %
                                         180);
    });
    const cv::Mat full(angle.size(), CV_8U, cv::Scalar(255));
    cv::merge(std::vector<cv::Mat>{hues, full, bytes(weight, most_of(weight))}, shown);
    cv::cvtColor(shown, shown, cv::COLOR_HSV2BGR);
    return shown;
}

class Sheet {
  public:
    /// For pictures of about the shape of `frame`.
    explicit Sheet(cv::Size frame)
        : height_(kCaption + kGap + std::clamp(kWidth * frame.height / frame.width, 120, 400)) {}

    /// Runs `filter`, shows what `picture` makes of the result, and says the fastest time of three.
    template <class Filter, class Picture>
    void add(const std::string& name, const Filter& filter, const Picture& picture) {
        auto result = filter();
        double ms = 1e9;
        for (int run = 0; run < 3; ++run) {
            const auto start = std::chrono::steady_clock::now();
            result = filter();
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - start;
            ms = std::min(ms, took.count());
        }
        add(cv::format("%s, %.1f ms", name.c_str(), ms), picture(result));
    }

    void add(const std::string& name, const cv::Mat& picture) {
        tiles_.push_back(tile(name, picture));
    }

    [[nodiscard]] cv::Mat picture() const {
        const int rows = (static_cast<int>(tiles_.size()) + kColumns - 1) / kColumns;
        cv::Mat sheet(rows * height_, kColumns * kWidth, CV_8UC3, cv::Scalar::all(24));
        for (int i = 0; i < static_cast<int>(tiles_.size()); ++i) {
            const cv::Rect place(i % kColumns * kWidth, i / kColumns * height_, kWidth, height_);
            tiles_[static_cast<std::size_t>(i)].copyTo(sheet(place));
        }
        return sheet;
    }

  private:
    static constexpr int kColumns = 6, kWidth = 400, kCaption = 24, kGap = 4;

    [[nodiscard]] cv::Mat tile(const std::string& caption, const cv::Mat& picture) const {
        cv::Mat tile(height_, kWidth, CV_8UC3, cv::Scalar::all(24)), small;
        const double scale = std::min(1.0 * (kWidth - kGap) / picture.cols,
                                      1.0 * (height_ - kCaption - kGap) / picture.rows);
        cv::resize(picture, small, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
        small.copyTo(tile(cv::Rect((kWidth - small.cols) / 2, kCaption, small.cols, small.rows)));
        cv::putText(tile, caption, {kGap, kCaption - 7}, cv::FONT_HERSHEY_SIMPLEX, 0.5,
                    cv::Scalar::all(235), 1, cv::LINE_AA);
        return tile;
    }

    int height_;
    std::vector<cv::Mat> tiles_;
};

/// Runs a filter that has one view in and one out.
template <class Filter>
auto on(const cv::Mat& in, const Filter& filter) {
    return [in, filter] {
        cv::Mat out;
        interop::filter_mat(in, filter, out);
        return out;
    };
}

cv::Mat sheet_of(const cv::Mat1f& in) {
    using namespace guide::filters;
    const LogCompression shown{.dynamic_range_db = 60};
    const auto as_grey = [](const cv::Mat& out) { return grey(out, {0, 255}); };
    const auto as_heat = [](const cv::Mat& out) { return heat(out, most_of(out)); };
    Sheet sheet(in.size());
    sheet.add(cv::format("%d x %d pixels, one thread", in.cols, in.rows), grey(in, {0, 255}));

    // Less speckle.
    sheet.add("gaussian_blur",
              on(in,
                 [](auto from, auto to) {
                     gaussian_blur(from, to, {2, 2});
                 }),
              as_grey);
    SradOptions srad;
    srad.compression = shown;
    sheet.add(
        "srad", [&] { return interop::srad(in, srad); }, as_grey);
    DpadOptions dpad;
    dpad.compression = shown;
    sheet.add(
        "dpad", [&] { return interop::dpad(in, dpad); }, as_grey);
    sheet.add(
        "guided_filter", [&] { return interop::guided_filter(in, in); }, as_grey);
    sheet.add(
        "non_local_means", [&] { return interop::non_local_means(in); }, as_grey);
    Persistence persistence;
    cv::RNG random(1);
    cv::Mat1f noise(in.size()), next;
    for (int frame = 0; frame < 8; ++frame) {
        random.fill(noise, cv::RNG::NORMAL, 0, 20);
        next = in + noise;
        persistence.add(interop::view_image<float>(next));
    }
    sheet.add("persistence, 8 noisy frames",
              as_grey(interop::view_mat(persistence.view_average())));

    // Local phase, lines and directions.
    MonogenicOptions bright;
    bright.polarity = Polarity::bright;
    const interop::MonogenicMats phases = interop::monogenic(in, bright);
    sheet.add(
        "monogenic, phase symmetry, bright", [&] { return interop::monogenic(in, bright); },
        [](const auto& out) {
            return heat(out.symmetry, {0, 1});
        });
    sheet.add("  phase asymmetry", heat(phases.asymmetry, {0, 1}));
    sheet.add("  local energy", as_heat(phases.energy));
    sheet.add("  local phase by energy", hue(phases.phase, 2 * CV_PI, phases.energy));
    sheet.add("  orientation by energy", hue(phases.orientation, CV_PI, phases.energy));
    for (const Polarity polarity : {Polarity::bright, Polarity::dark}) {
        SheetnessOptions lines;
        lines.polarity = polarity;
        sheet.add(
            polarity == Polarity::bright ? "sheetness, bright" : "sheetness, dark",
            [&] { return interop::sheetness(in, lines); },
            [&](const auto& out) { return as_heat(out.measure); });
    }
    sheet.add(
        "structure_tensor by coherence", [&] { return interop::structure_tensor(in); },
        [](const auto& out) { return hue(out.orientation, CV_PI, out.coherence); });
    sheet.add(
        "oriented_lines, angle by response", [&] { return interop::oriented_lines(in); },
        [](const auto& out) { return hue(out.angle, CV_PI, out.response); });

    // Where the beam went, and what the speckle says.
    sheet.add(
        "confidence map", [&] { return interop::confidence_map(in); },
        [](const cv::Mat& out) {
            return heat(out, {0, 1});
        });
    sheet.add("attenuation_sweep", on(in, [](auto from, auto to) { attenuation_sweep(from, to); }),
              [](const cv::Mat& out) {
                  return heat(out, {0, 1});
              });
    std::vector<ColumnVisibility> columns(static_cast<std::size_t>(in.cols));
    sheet.add("shadow_map", on(in, [&](auto from, auto to) { shadow_map(from, to, columns); }),
              [](const cv::Mat& out) {
                  return heat(out, {0, 1});
              });
    sheet.add("column_share_below",
              on(in, [](auto from, auto to) { column_share_below(from, to); }),
              [](const cv::Mat& out) {
                  return heat(out, {0, 1});
              });
    sheet.add("column_mean of 30 rows below",
              on(in,
                 [](auto from, auto to) {
                     column_mean(from, to, {1, 31});
                 }),
              as_heat);
    cv::Mat amplitude;
    interop::filter_mat(
        in, [&](auto from, auto to) { log_decompress(from, to, shown); }, amplitude);
    sheet.add(
        "local_speckle_snr, 0 to 8", [&] { return interop::local_speckle_snr(amplitude); },
        [](const cv::Mat& out) {
            return heat(out, {0, 8});
        });
    sheet.add("nakagami_maps, shape, 0 to 4",
              on(amplitude, [](auto from, auto to) { nakagami_maps(from, to, {}); }),
              [](const cv::Mat& out) {
                  return heat(out, {0, 4});
              });

    // Geometry: as if the rows were the depths of a curvilinear probe.
    BeamGrid beam;
    beam.probe.kind = ProbeKind::curvilinear;
    beam.lines = in.cols;
    beam.samples = in.rows;
    const auto converter = ScanConverter::to_picture(beam, picture_over(beam.probe, {0.1, 0.1}));
    sheet.add(
        "scan conversion", [&] { return interop::scan_convert(in, converter); }, as_grey);
    sheet.add(
        "resample to a third",
        [&] {
            cv::Mat out;
            interop::filter_mat(
                in, cv::Size((in.cols + 2) / 3, (in.rows + 2) / 3),
                [](auto from, auto to) { resample(from, to); }, out);
            return out;
        },
        as_grey);
    return sheet.picture();
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: filter_sheet PICTURE SHEET.png\n";
        return 2;
    }
    try {
        cv::Mat1f screen;
        cv::imread(argv[1], cv::IMREAD_GRAYSCALE).convertTo(screen, CV_32F);
        if (screen.empty()) throw std::runtime_error(std::string(argv[1]) + ": no picture");
        // A scanner's screen is cut down to its picture.
        const cv::Mat1f& constant = screen;
        const auto box = segment::find_content_box(interop::view_image<float>(constant));
        if (box) {
            screen = screen(cv::Range(box->y0, box->y1), cv::Range(box->x0, box->x1)).clone();
        }
        return cv::imwrite(argv[2], sheet_of(screen)) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
